// Takes the pictures of the README: what a reader sees of pages, in small files.
//
//   node pictures.mjs PAGES OUT    PAGES has mazur.html, cross_entropy.html and paper.html, an image
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeChromium, hover, openPage, settle } from "./chromium.mjs";

const [pages, out] = process.argv.slice(2);
const WEBP = { format: "webp", quality: 72 };
const equation = (text) => `[...document.querySelectorAll(".eq")].find((each) => each.querySelector("math").getAttribute("alttext").startsWith(${JSON.stringify(text)}))`;

// Mazur's network at the step that puts the paths of the error together: values on the graph up to there.
async function stepping() {
	const page = await openPage(join(pages, "mazur.html"), { width: 1000, height: 880, deviceScaleFactor: 1.5 });
	await page.run(`(() => {
		const steps = [...document.querySelectorAll(".eq[data-row]")], wanted = steps.indexOf(${equation("∂E_total/∂out_h₁ = ")});
		for (let i = 0; i <= wanted; i++) document.querySelector(".steps button:nth-of-type(2)").click();
	})()`);
	await settle(page);
	writeFileSync(join(out, "steps.webp"), await page.shoot(WEBP));
	await page.close();
}

// One number of a softmax lesson under the pointer, and all that it rests on.
async function hovering() {
	const page = await openPage(join(pages, "cross_entropy.html"), { width: 1000, height: 880, deviceScaleFactor: 1.5 });
	await hover(page, `${equation("p[1] = ")}.querySelector("math > mrow:last-of-type mn")`);
	await settle(page);
	writeFileSync(join(out, "hover.webp"), await page.shoot(WEBP));
	await page.close();
}

// A page of a paper, as pdftoppm has drawn it.
async function paper() {
	const page = await openPage(join(pages, "paper.html"), { width: 750, height: 1085 });
	writeFileSync(join(out, "paper.webp"), await page.shoot(WEBP));
	await page.close();
}

try {
	await paper();
	await stepping();
	await hovering();
} finally {
	await closeChromium();
}
