// Reads Markdown as GitHub does and its formulas as a browser would.
//
//   node markdown.mjs KATEX FILE.md…    KATEX is the folder of the npm package katex; cmark-gfm is GitHub's own parser
//
// Markdown goes first: what it makes of a formula is what the mathematics sees. Asserted: each formula that was written
// arrives and is valid LaTeX to KaTeX, which takes less than pdflatex does and as much as MathJax; nothing else is taken
// for one; each table has as many rows and columns as were written.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [folder, ...files] = process.argv.slice(2);
const katex = createRequire(import.meta.url)(join(resolve(folder), "dist", "katex.js"));
const unescaped = (html) => html.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
const count = (text, pattern) => [...text.matchAll(pattern)].length;

let formulas = 0;
const problems = [];
for (const file of files) {
	const text = readFileSync(file, "utf8");
	const { status, stdout } = spawnSync("cmark-gfm", ["-e", "table", "-e", "strikethrough", "-e", "autolink", "--unsafe", file], { encoding: "utf8" });
	if (status !== 0) {
		problems.push(`${file}: cmark-gfm failed`);
		continue;
	}
	const found = [];
	const rest = stdout
		.replace(/<pre><code class="language-math">([^]*?)<\/code><\/pre>/g, (_, formula) => (found.push([unescaped(formula), true]), ""))
		.replace(/<pre>[^]*?<\/pre>/g, "")
		.replace(/\$<code>([^]*?)<\/code>\$/g, (_, formula) => (found.push([unescaped(formula), false]), ""));
	for (const [formula, displayMode] of found) {
		formulas++;
		try {
			katex.renderToString(formula, { displayMode, throwOnError: true, strict: "error" });
		} catch (error) {
			problems.push(`${file}: ${error.message}\n    ${formula.slice(0, 300)}`);
		}
	}
	const bare = text.replace(/^(```|~~~~)(.*)\n[^]*?^\1$/gm, (_, fence, info) => (info === "math" ? "MATH" : ""));
	const written = count(bare, /^MATH$|\$`/gm);
	if (written !== found.length) problems.push(`${file}: ${written} formulas written, ${found.length} arrive`);
	if (/\$(?!<\/span>)/.test(rest)) problems.push(`${file}: a dollar sign is left over: ${rest.match(/.{0,40}\$(?!<\/span>).{0,40}/)[0]}`);
	const rows = count(bare, /^\|(?! ?-)/gm), shown = count(stdout, /<tr>/g);
	if (rows !== shown) problems.push(`${file}: ${rows} rows of tables written, ${shown} shown`);
}
for (const problem of problems) console.log(`FAILED: ${problem}`);
console.log(`Markdown: ${files.length} files, ${formulas} formulas, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
