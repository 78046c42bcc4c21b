// Looks at /docs in a browser as people would: node page.js CHROMIUM URL. Prints what is wrong.
import { chromium } from "playwright-core";

const [, , executablePath, url] = process.argv;
const faults = [];
const expect = (right, text) => { if (!right) faults.push(text); };
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

const open = async (name, options) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(`${name}: ${error.message}`));
    const isTried = (message) => message.text().includes("status of 422"); // an answer to what this test sends
    page.on("console", (message) => { if (message.type() === "error" && !isTried(message)) faults.push(`${name}: ${message.text()}`); });
    page.on("request", (request) => expect(request.url().startsWith(url) || request.url().startsWith("data:"), `${name}: it asks for ${request.url()}`));
    await page.goto(`${url}/docs`);
    await page.waitForSelector(".operation", { timeout: 10000 });
    return page;
};
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

const light = await open("light", { viewport: { width: 1280, height: 900 }, colorScheme: "light" });
expect(await light.locator("h1").innerText().then((text) => text.startsWith("Sample <1>")), "the title is not text");
expect(await light.locator(".operation").count() === 12, `it shows ${await light.locator(".operation").count()} operations`);
expect(await light.locator("nav a").first().isVisible(), "there is no list of operations beside them");

// An address leads to an operation, which a click sends.
await light.goto(`${url}/docs#post_api_notes`);
const operation = light.locator("#post_api_notes");
await operation.locator("button").click();
await operation.locator("form .status", { hasText: "201" }).waitFor({ timeout: 10000 });
expect((await operation.innerText()).includes("location: /api/notes/"), "it does not show the response's fields");
expect((await operation.innerText()).includes("1 to 200 characters"), "it does not show the bounds");
await operation.locator("textarea").fill("{}");
await operation.locator("button").click();
await operation.locator("pre", { hasText: "/title" }).waitFor({ timeout: 10000 });

// What needs a login is sent with the one that was given.
await light.locator("input[type=search]").fill("delete");
expect(await light.locator(".operation:visible").count() === 1, "the search does not find one operation");
const [user, password] = [light.locator(".top input").nth(1), light.locator(".top input").nth(2)];
await user.fill("admin");
await password.fill("secret");
const removal = light.locator("#delete_api_notes_id");
await removal.locator("summary").first().click();
await removal.locator("button").click();
await removal.locator("form .status", { hasText: "204" }).waitFor({ timeout: 10000 });

const dark = await open("dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" });
expect(await background(light) !== await background(dark), "dark is as light");

const phone = await open("phone", { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
await phone.goto(`${url}/docs#post_api_notes`);
await phone.locator("#post_api_notes button").waitFor();
expect(await fits(phone), "a phone must scroll sideways");

await browser.close();
for (const fault of faults) console.log(fault);
process.exitCode = faults.length ? 1 : 0;
