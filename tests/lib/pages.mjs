// Opens the pages of a folder in headless Chromium and drives them, over the debugging pipe and with nothing installed.
//
//   node pages.mjs all|quick FOLDER SHOTS [AXE]    every .html of FOLDER; pictures go to SHOTS; AXE is axe-core's axe.min.js
//
// Asserted of each page: no message on the console, no request for anything but the page, every formula in the
// accessibility tree, nothing too wide for a screen or a phone, no violation found by axe-core, light and dark; with `all`
// also that it opens in under 200 ms and that its script does what it is for, and pictures are taken.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeChromium, hover, openPage, resize, settle } from "./chromium.mjs";

const [how, folder, shots, axeFile] = process.argv.slice(2);
const all = how === "all", RELOADS = all ? 3 : 0;
const SCREEN = { width: 1100, height: 1000 }, PHONE = { width: 360, height: 780, mobile: true };

async function picture(page, name) {
	if (all) writeFileSync(join(shots, name), await page.shoot());
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
	await hover(page, `[...document.querySelectorAll(".eq [data-row]")].at(-1)`);
	verify(name, "hovering a number lights nothing", await page.run("document.querySelectorAll('.rest, .this').length > 0"));
	await picture(page, `${name}-hover.png`);
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
	await picture(page, `${name}-steps.png`);
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
		await picture(page, `${name}-${scheme}.png`);
	}
}

async function checkNarrow(name, page) {
	await page.call("Emulation.setEmulatedMedia", { features: [] });
	await resize(page, PHONE);
	await settle(page);
	const over = await page.run("document.documentElement.scrollWidth - innerWidth");
	verify(name, `${over} pixels too wide for a phone`, over <= 0);
	const letters = await page.run("Math.min(99, ...[...document.querySelectorAll('figure.plot > svg')].map((svg) => 13 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))");
	verify(name, `the letters of a chart are ${letters} pixels high on a phone`, letters >= 8);
	if (axeFile) {
		await page.run(readFileSync(axeFile, "utf8") + ";0");
		const found = await page.run("axe.run(document, { runOnly: ['scrollable-region-focusable'] }).then((result) => result.violations.flatMap((each) => each.nodes.slice(0, 2).map((node) => node.html.slice(0, 100))))");
		verify(name, `scrolled on a phone, out of the keyboard's reach: ${found.join()}`, found.length === 0);
	}
	await page.run("scrollTo(0, 1200)");
	await picture(page, `${name}-phone.png`);
	await resize(page, SCREEN);
}

// The script is the same on every page: one shows that it works, all show that it does on each.
const DRIVEN = (name) => all || name === "mazur";

async function checkPage(file) {
	const name = file.replace(/\.html$/, ""), page = await openPage(join(folder, file), SCREEN, RELOADS);
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
await closeChromium();
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(`pages in Chromium: ${checks} checks, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
