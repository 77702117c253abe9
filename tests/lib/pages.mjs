// Opens the pages of a folder in headless Chromium and drives them, over the debugging pipe and with nothing installed.
//
//   node pages.mjs all|quick FOLDER SHOTS [AXE]    every .html of FOLDER; pictures go to SHOTS; AXE is axe-core's axe.min.js
//
// Asserted of each page: no message on the console, no request for anything but the page, every formula in the
// accessibility tree, nothing too wide for a screen or a phone, no violation found by axe-core, light and dark; with `all`
// also that it opens in under 200 ms and that its script does what it is for, and pictures are taken.
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [how, folder, shots, axeFile] = process.argv.slice(2);
const all = how === "all";
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

// ---- A page

const wide = ({ call }) => call("Emulation.setDeviceMetricsOverride", { width: 1100, height: 1000, deviceScaleFactor: 1, mobile: false });
const RELOADS = all ? 3 : 0;

async function openPage(file) {
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
	await wide({ call });
	await call("Page.navigate", { url: pathToFileURL(resolve(file)).href });
	await load;
	let milliseconds = Infinity;   // the best of some, so that neither the browser's start nor a busy machine is measured
	for (let i = 0; i < RELOADS; i++) {
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
	const picture = async (name, whole = false) => {
		if (!all) return;
		const { data } = await call("Page.captureScreenshot", { captureBeyondViewport: whole });
		writeFileSync(join(shots, name), Buffer.from(data, "base64"));
	};
	return { call, run, picture, milliseconds, messages, requests, close: () => send("Target.closeTarget", { targetId }) };
}

// ---- What is asserted

let checks = 0;
const failures = [];
function verify(page, what, good) {
	checks++;
	if (!good) failures.push(`${page}: ${what}`);
}
const press = async (page, key) => {
	for (const type of ["keyDown", "keyUp"]) await page.call("Input.dispatchKeyEvent", { type, key, code: key });
};
const settle = (page) => page.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");

async function checkReading(name, page) {
	if (all) verify(name, `opens in ${page.milliseconds} ms`, page.milliseconds < 200);
	const formulas = await page.run("document.querySelectorAll('math').length");
	const { nodes } = await page.call("Accessibility.getFullAXTree");
	const known = nodes.filter((node) => node.role?.value === "MathMLMath" || node.role?.value === "math").length;
	verify(name, `${known} of ${formulas} formulas in the accessibility tree`, known >= formulas);
	verify(name, "a formula without alttext", await page.run("!document.querySelector('math:not([alttext])')"));
	const wide = await page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth");
	verify(name, `${wide} pixels too wide`, wide <= 0);
	const cut = await page.run("[...document.querySelectorAll('.eq')].filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.querySelector('math').getAttribute('alttext'))");
	verify(name, `equations cut off: ${JSON.stringify(cut).slice(0, 500)}`, cut.length === 0);
	const font = await page.run("document.fonts.ready.then(() => document.fonts.check('16px \"Tutor Math\"'))");
	verify(name, "the font is not loaded", font);
}

async function checkLight(name, page) {
	// The last equation: focus it, and what it rests on lights up; what does not, does not.
	const lit = await page.run(`(() => {
		const all = [...document.querySelectorAll(".eq[data-row]")], last = all.at(-1);
		last.tabIndex = 0;
		last.focus();
		const count = document.querySelectorAll(".rest").length, itself = last.classList.contains("this");
		last.blur();
		return [count, itself, document.querySelectorAll(".rest, .this").length];
	})()`);
	verify(name, `focus lights ${lit}`, lit[0] > 0 && lit[1] && lit[2] === 0);
	const place = await page.run(`(() => {
		const number = [...document.querySelectorAll(".eq [data-row]")].at(-1);
		number.scrollIntoView({ block: "center" });
		const box = number.getBoundingClientRect();
		return [box.x + box.width / 2, box.y + box.height / 2];
	})()`);
	await page.call("Input.dispatchMouseEvent", { type: "mouseMoved", x: place[0], y: place[1] });
	await settle(page);
	verify(name, "hovering a number lights nothing", await page.run("document.querySelectorAll('.rest, .this').length > 0"));
	await page.picture(`${name}-hover.png`);
	await page.call("Input.dispatchMouseEvent", { type: "mouseMoved", x: 2, y: 2 });
	await settle(page);
	verify(name, "light stays on", await page.run("document.querySelectorAll('.rest, .this').length === 0"));
}

async function checkSteps(name, page) {
	const forward = ".steps button:nth-of-type(2)", back = ".steps button:nth-of-type(1)";
	const hidden = () => page.run("document.querySelectorAll('svg .unknown').length");
	await page.run(`document.querySelector("${forward}").click()`);
	verify(name, "no step shown", (await page.run("document.querySelectorAll('.eq.now').length")) === 1);
	const before = await hidden(), graph = await page.run("!!document.querySelector('svg')");
	verify(name, "the graph has no value hidden in step 1", !graph || before > 0);
	for (let i = 0; i < 8; i++) await page.run(`document.querySelector("${forward}").click()`);
	await page.picture(`${name}-steps.png`);
	const ninth = await page.run("document.querySelector('.steps output').textContent");
	verify(name, `'${ninth}' is not step 9`, ninth.startsWith("step 9 of "));
	await page.run(`document.querySelector("${back}").click()`);
	await page.run("document.querySelector('.eq.now').focus()");
	await press(page, "ArrowRight");
	await press(page, "ArrowRight");
	const tenth = await page.run("document.querySelector('.steps output').textContent");
	verify(name, `'${tenth}' is not step 10 after two keys`, tenth.startsWith("step 10 of "));
	for (let i = 0; i < 40; i++) await page.run(`document.querySelector("${forward}").click()`);
	verify(name, "no value appears in the graph", !graph || name === "why" || (await hidden()) < before);
	await press(page, "Escape");
	verify(name, "Escape does not end the steps", (await page.run("document.querySelectorAll('.eq.now, .unknown').length")) === 0);
}

async function checkFolds(name, page) {
	const fold = `(() => {
		const button = document.querySelector("button.fold"), next = button.parentElement.nextElementSibling;
		const seen = [next.getClientRects().length > 0, button.getAttribute("aria-expanded")];
		button.click();
		seen.push(next.getClientRects().length > 0, button.getAttribute("aria-expanded"));
		button.click();
		return seen.concat(next.getClientRects().length > 0).join();
	})()`;
	const folds = await page.run(`document.querySelector("button.fold") ? ${fold} : ""`);
	verify(name, `folding gives ${folds}`, folds === "" || folds === "true,true,false,false,true");
}

async function checkAxe(name, page) {
	if (!axeFile) return;
	// Quick: a formula is its text, and since all pages have the same colours, one is looked at in the dark.
	if (!all) await page.run("document.querySelectorAll('math').forEach((each) => each.replaceChildren(each.getAttribute('alttext')))");
	for (const scheme of DRIVEN(name) ? ["light", "dark"] : ["light"]) {
		await page.call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
		const found = await page.run("axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map((each) => each.id + ': ' + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')))");
		verify(name, `axe, ${scheme}: ${found.join("; ")}`, found.length === 0);
		await page.picture(`${name}-${scheme}.png`);
	}
}

async function checkNarrow(name, page) {
	await page.call("Emulation.setEmulatedMedia", { features: [] });
	await page.call("Emulation.setDeviceMetricsOverride", { width: 360, height: 780, deviceScaleFactor: 1, mobile: true });
	await settle(page);
	const over = await page.run("document.documentElement.scrollWidth - innerWidth");
	verify(name, `${over} pixels too wide for a phone`, over <= 0);
	if (axeFile) {
		await page.run(readFileSync(axeFile, "utf8") + ";0");
		const found = await page.run("axe.run(document, { runOnly: ['scrollable-region-focusable'] }).then((result) => result.violations.flatMap((each) => each.nodes.slice(0, 2).map((node) => node.html.slice(0, 100))))");
		verify(name, `scrolled on a phone, out of the keyboard's reach: ${found.join()}`, found.length === 0);
	}
	await page.run("scrollTo(0, 1200)");
	await page.picture(`${name}-phone.png`);
	await wide(page);
}

// The script is the same on every page: one shows that it works, all show that it does on each.
const DRIVEN = (name) => all || name === "mazur";

async function checkPage(file) {
	const name = file.replace(/\.html$/, ""), page = await openPage(join(folder, file));
	await checkReading(name, page);
	if (DRIVEN(name) && (await page.run("!!document.querySelector('.eq[data-row]')"))) {
		await checkLight(name, page);
		await checkSteps(name, page);
	}
	await checkFolds(name, page);
	await checkNarrow(name, page);
	await checkAxe(name, page);
	verify(name, `the console says ${page.messages.join()}`, page.messages.length === 0);
	const others = page.requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:"));
	verify(name, `it asks for ${others.join()}`, others.length === 0 && page.requests.filter((url) => url.startsWith("file:")).length === 1 + RELOADS);
	await page.close();
}

mkdirSync(shots, { recursive: true });
try {
	for (const file of readdirSync(folder).filter((each) => each.endsWith(".html")).sort()) await checkPage(file);
} catch (error) {
	failures.push(error.stack);
}
const gone = new Promise((done) => chromium.on("exit", done));
send("Browser.close").catch(() => {});
await gone;
try {
	rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
} catch {
	// what a browser leaves behind in /tmp is no fault of a page
}
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(`pages in Chromium: ${checks} checks, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
