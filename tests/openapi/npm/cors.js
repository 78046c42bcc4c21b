// Reads another origin as pages do: node cors.js CHROMIUM PAGE ALLOWING CLOSED. Prints what is wrong.
import { chromium } from "playwright-core";

const [, , executablePath, page_url, allowing, closed] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(`${page_url}/raw/page`); // text has no policy that forbids requests

const read = (url, options) => page.evaluate(async ([address, given]) => {
    try {
        const response = await fetch(address, given);
        return [response.status, await response.text(), response.headers.get("X-Request-Id") !== null];
    } catch (failure) {
        return [0, failure.message, false];
    }
}, [url, options]);
const login = { Authorization: `Basic ${btoa("admin:secret")}` };
const json = { "Content-Type": "application/json" };
const cases = [
    ["a plain request", `${allowing}/`, {}, 200],
    ["an error", `${allowing}/users/9`, {}, 404],
    ["a login, with a preflight", `${allowing}/secrets`, { headers: login, credentials: "include" }, 200],
    ["a wrong login", `${allowing}/secrets`, { headers: { Authorization: "Basic eDp5" } }, 401],
    ["JSON, with a preflight", `${allowing}/messages`, { method: "POST", headers: json, body: "{}" }, 200],
    ["a method that needs a preflight", `${allowing}/echo`, { method: "DELETE" }, 200],
    ["a method that the path does not have", `${allowing}/articles`, { method: "DELETE" }, 0],
    ["a service that allows no origin", `${closed}/`, {}, 0],
    ["the same, with a preflight", `${closed}/echo`, { method: "PUT" }, 0],
];
for (const [what, url, options, expected] of cases) {
    const [status, text, reads_fields] = await read(url, options);
    if (status !== expected) console.log(`${what}: ${status} (${text}), not ${expected}`);
    if (status !== 0 && !reads_fields) console.log(`${what}: the page cannot read X-Request-Id`);
    if (status !== expected || (status !== 0 && !reads_fields)) process.exitCode = 1;
}
await browser.close();
