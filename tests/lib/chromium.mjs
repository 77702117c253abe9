// Headless Chromium over its debugging pipe, with nothing installed.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const profile = mkdtempSync(join(tmpdir(), "pages-"));
const chromium = spawn(process.env.CHROMIUM || "chromium", [
	"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", `--user-data-dir=${profile}`, "--remote-debugging-pipe",
	"--window-size=1100,1000", "about:blank",
], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });

// ---- The protocol: JSON objects with a NUL behind each.

let last = 0;
const waiting = new Map();
const listeners = new Set();
let unread = "";
chromium.stdio[4].setEncoding("utf8").on("data", (text) => {
	const messages = (unread + text).split("\0");
	unread = messages.pop();
	for (const message of messages.map((each) => JSON.parse(each))) {
		if (!message.id) listeners.forEach((listener) => listener(message));
		else if (message.error) waiting.get(message.id)[1](new Error(JSON.stringify(message.error)));
		else waiting.get(message.id)[0](message.result);
	}
});
const send = (method, params = {}, sessionId = undefined) =>
	new Promise((done, fail) => {
		waiting.set(++last, [done, fail]);
		chromium.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId }) + "\0");
	});

// Ends it. What it leaves behind in the folder of temporary files is no fault of a page.
export async function closeChromium() {
	const gone = new Promise((done) => chromium.on("exit", done));
	send("Browser.close").catch(() => {});
	await gone;
	try {
		rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
	} catch {}
}

// ---- A page

// The window in which pages are looked at: { width, height }, and for a phone also { mobile: true }.
export const resize = ({ call }, size) =>
	call("Emulation.setDeviceMetricsOverride", { deviceScaleFactor: 1, mobile: false, ...size });

// Opens the file, and again so many times. `milliseconds` is the best of those, so that neither the browser's start nor a
// busy machine is measured; `run` evaluates an expression in the page, `shoot` gives a picture's bytes.
export async function openPage(file, size, reloads = 0) {
	const { targetId } = await send("Target.createTarget", { url: "about:blank" });
	const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
	const call = (method, params) => send(method, params, sessionId);
	const messages = [], requests = [];
	let loaded;
	let load = new Promise((done) => (loaded = done));
	listeners.add((message) => {
		if (message.sessionId !== sessionId) return;
		if (message.method === "Runtime.consoleAPICalled" || message.method === "Runtime.exceptionThrown" || message.method === "Log.entryAdded")
			messages.push(JSON.stringify(message.params).slice(0, 400));
		if (message.method === "Network.requestWillBeSent") requests.push(message.params.request.url);
		if (message.method === "Page.loadEventFired") loaded();
	});
	for (const domain of ["Page", "Runtime", "Log", "Network", "Accessibility", "DOM"]) await call(`${domain}.enable`);
	await resize({ call }, size);
	await call("Emulation.setScrollbarsHidden", { hidden: true });
	await call("Page.navigate", { url: pathToFileURL(resolve(file)).href });
	await load;
	let milliseconds = Infinity;
	for (let i = 0; i < reloads; i++) {
		load = new Promise((done) => (loaded = done));
		await call("Page.reload");
		await load;
		const { result } = await call("Runtime.evaluate", { expression: "performance.getEntriesByType('navigation')[0].duration" });
		milliseconds = Math.min(milliseconds, Math.round(result.value) || Infinity);
	}
	const run = async (expression) => {
		const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
		if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails).slice(0, 600));
		return result.value;
	};
	const shoot = async (how = {}) => Buffer.from((await call("Page.captureScreenshot", how)).data, "base64");
	return { call, run, shoot, milliseconds, messages, requests, close: () => send("Target.closeTarget", { targetId }) };
}

// When what was changed is drawn.
export const settle = (page) => page.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");

// Moves the mouse to the middle of an element, which an expression gives, once it is in view.
export async function hover(page, element) {
	const place = await page.run(`(() => {
		const element = ${element};
		element.scrollIntoView({ block: "center" });
		const box = element.getBoundingClientRect();
		return [box.x + box.width / 2, box.y + box.height / 2];
	})()`);
	await page.call("Input.dispatchMouseEvent", { type: "mouseMoved", x: place[0], y: place[1] });
	await settle(page);
}
