// A page is whole without this script. With it: hover or focus a number and all that it rests on lights up; step
// through the derivation, one line at a time; fold sections.
"use strict";
(() => {
	const parents = new Map();    // "group.row" -> the rows that it uses
	for (const script of document.querySelectorAll("script.rests"))
		JSON.parse(script.textContent).forEach((rows, i) =>
			parents.set(`${script.dataset.group}.${i + 1}`, (rows || []).map((row) => `${script.dataset.group}.${row}`)));

	const shown = new Map();      // "group.row" -> the elements that show it
	for (const element of document.querySelectorAll("[data-row]")) {
		const row = element.dataset.row;
		shown.set(row, (shown.get(row) || []).concat(element));
	}
	const edges = [...document.querySelectorAll(".edge")];

	// All that a row rests on, itself included.
	const restsOf = (row) => {
		const rests = new Set([row]);
		for (const each of rests)   // a Set is walked with what is added on the way
			for (const parent of parents.get(each) || []) rests.add(parent);
		return rests;
	};

	// ---- Light

	let lit = [];
	const dark = () => {
		for (const element of lit) element.classList.remove("rest", "this");
		lit = [];
	};
	const add = (element, name) => {
		element.classList.add(name);
		lit.push(element);
	};
	const light = (row) => {
		dark();
		const rests = restsOf(row);
		for (const each of rests)
			for (const element of shown.get(each) || []) add(element, each === row ? "this" : "rest");
		for (const edge of edges)
			if (rests.has(edge.dataset.from) && rests.has(edge.dataset.to)) add(edge, "rest");
	};
	const rowOf = (target) => target instanceof Element && target.closest("[data-row]");
	document.addEventListener("pointerover", (event) => {
		const element = rowOf(event.target);
		if (element) light(element.dataset.row);
	});
	document.addEventListener("pointerout", (event) => {
		if (rowOf(event.target)) dark();
	});
	document.addEventListener("focusin", (event) => {
		const element = rowOf(event.target);
		if (element) light(element.dataset.row);
	});
	document.addEventListener("focusout", dark);

	// ---- Steps

	const steps = [...document.querySelectorAll(".eq[data-row]")];
	let at = -1;                  // the step shown, -1 before the first

	// The keyboard reaches the step shown, and what is wider than the window and must be scrolled.
	const boxes = [...document.querySelectorAll(".table, .eq, figure")];
	let wide = new Set();
	const reach = () => {
		for (const box of boxes)
			if (wide.has(box) || box === steps[Math.max(at, 0)]) box.tabIndex = 0;
			else if (box.dataset.row) box.tabIndex = -1;
			else box.removeAttribute("tabindex");
	};
	const measure = () => {
		wide = new Set(boxes.filter((box) => box.scrollWidth > box.clientWidth));
		reach();
	};
	addEventListener("resize", measure);
	addEventListener("load", measure);

	const bar = document.createElement("nav");
	const button = (words, press) => {
		const made = document.createElement("button");
		made.type = "button";
		made.textContent = words;
		made.addEventListener("click", press);
		return made;
	};

	// Values of the graph appear as they are computed.
	const uncover = () => {
		const known = new Set();
		for (const step of steps.slice(0, at + 1))
			for (const row of restsOf(step.dataset.row)) known.add(row);
		for (const text of document.querySelectorAll("svg text[data-row]")) {
			const given = (parents.get(text.dataset.row) || []).length === 0 && text.classList.contains("number");
			text.classList.toggle("unknown", at >= 0 && !given && !known.has(text.dataset.row));
		}
	};
	const show = (next, focus) => {
		steps[at]?.classList.remove("now");
		at = Math.max(-1, Math.min(steps.length - 1, next));
		document.body.classList.toggle("stepping", at >= 0);
		uncover();
		back.disabled = at < 0;
		forward.disabled = at === steps.length - 1;
		words.textContent = at < 0 ? `${steps.length} steps` : `step ${at + 1} of ${steps.length}`;
		reach();
		if (at < 0) return dark();
		unfoldAround(steps[at]);
		steps[at].classList.add("now");
		steps[at].scrollIntoView({ block: "center" });
		if (focus) steps[at].focus({ preventScroll: true });
		light(steps[at].dataset.row);
	};
	const back = button("◀ Back", () => show(at - 1));
	const forward = button("Forward ▶", () => show(at + 1));
	const words = document.createElement("output");
	if (steps.length) {
		bar.className = "steps";
		bar.setAttribute("aria-label", "Steps of the derivation");
		bar.append(back, words, forward, button("All", () => show(-1)));
		document.body.append(bar);
	}
	document.addEventListener("keydown", (event) => {
		const place = steps.indexOf(document.activeElement);
		if (place < 0 && !bar.contains(document.activeElement)) return;
		const next = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
		if (event.key === "Escape") show(-1);
		else if (next && !event.altKey && !event.ctrlKey && !event.metaKey) show((place < 0 ? at : place) + next, place >= 0);
		else return;
		event.preventDefault();
	});

	// ---- Folds

	const below = (heading) => {
		const section = [];
		for (let next = heading.nextElementSibling; next; next = next.nextElementSibling) {
			if (/^H[1-6]$/.test(next.tagName) && next.tagName <= heading.tagName) break;
			section.push(next);
		}
		return section;
	};
	const folds = [];
	const draw = () => {
		const hidden = new Set();
		for (const fold of folds) {
			fold.button.setAttribute("aria-expanded", String(!fold.closed));
			fold.button.textContent = fold.closed ? "+" : "−";
			for (const element of fold.section) {
				if (fold.closed) hidden.add(element);
				element.hidden = hidden.has(element);
			}
		}
	};
	const unfoldAround = (element) => {
		for (const fold of folds) if (fold.section.includes(element)) fold.closed = false;
		draw();
	};
	for (const heading of document.querySelectorAll("h2, h3")) {
		const fold = { section: below(heading), closed: false };
		if (!fold.section.length) continue;
		fold.button = button("−", () => {
			fold.closed = !fold.closed;
			draw();
		});
		fold.button.className = "fold";
		fold.button.setAttribute("aria-label", `Fold: ${heading.textContent}`);
		heading.prepend(fold.button);
		folds.push(fold);
	}
	draw();
	if (steps.length) show(-1);
})();
