// Seeks in a file as a player does: node video.js CHROMIUM PAGE. The page has a video element. Prints what is wrong.
import { chromium } from "playwright-core";

const [, , executablePath, url] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
const parts = [];
page.on("response", (response) => {
    const range = response.headers()["content-range"];
    if (response.url().endsWith(".wav")) parts.push([response.status(), range ?? "all"]);
});
await page.goto(url);
const found = await page.evaluate(() => new Promise((resolve) => {
    const video = document.querySelector("video");
    const seek = () => {
        video.currentTime = video.duration * 0.9;
        video.addEventListener("seeked", () => resolve([video.duration, video.currentTime]), { once: true });
    };
    video.addEventListener("error", () => resolve([video.error.message, 0]));
    if (video.readyState >= 1) seek();
    else video.addEventListener("loadedmetadata", seek, { once: true });
    setTimeout(() => resolve(["no answer", 0]), 20000);
}));
const is_right = Math.abs(found[0] - 300) < 1 && Math.abs(found[1] - 270) < 1 &&
    parts.every(([status]) => status === 206) && parts.some(([, range]) => /^bytes [1-9]\d{7,}-/.test(range));
if (!is_right) {
    console.log(`duration and place: ${found}; parts: ${parts.join("; ")}`);
    process.exitCode = 1;
}
await browser.close();
