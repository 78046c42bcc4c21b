// Takes events as pages do: node events.js CHROMIUM FEED. Prints what is wrong.
import { chromium } from "playwright-core";

const [, , executablePath, feed] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(`${feed}/docs`);

// /three gives three events and ends, so the browser connects again, and says which one it has had.
const taken = await page.evaluate(() => new Promise((resolve) => {
    const source = new EventSource("three");
    const all = [];
    source.addEventListener("count", (event) => {
        all.push(`${event.lastEventId}:${event.data}`);
        if (all.length < 8) return;
        source.close();
        resolve(all);
    });
    setTimeout(() => resolve(all), 20000);
}));
const expected = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `${n}:${n}`);
if (taken.join() !== expected.join()) {
    console.log(`events: ${taken}, not ${expected}`);
    process.exitCode = 1;
}

// What has been yielded can be read before the response has ended, although it is compressed.
const times = await page.evaluate(async () => {
    const reader = (await fetch("two-parts")).body.getReader();
    const all = [];
    for (let part = await reader.read(); !part.done; part = await reader.read())
        all.push([new TextDecoder().decode(part.value), performance.now()]);
    return all;
});
if (times.length !== 2 || times[0][0] !== "first\n" || times[1][1] - times[0][1] < 500) {
    console.log(`pieces: ${JSON.stringify(times)}`);
    process.exitCode = 1;
}
await browser.close();
