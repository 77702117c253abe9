"""Checks what lessons and traces look like in the formats that are pages.

    pages.py html FILE [TEXT]       well nested, whole in itself, every formula with its text; the formulas' texts go to
                                    TEXT, to be recomputed by printed_lines.py
    pages.py latex FILE             environments and braces match, all in ASCII or accented Latin
    pages.py markdown FILE [PLAIN]  formulas end and braces match, tables and flowcharts are whole; the prose, with these
                                    taken out, goes to PLAIN, which read as a lesson must come out as it is
"""

import html.parser
import json
import re
import sys

VOID = {"meta", "br", "hr", "mspace", "link", "img"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.problems, self.texts, self.headings = [], [], [], []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "math":
            self.texts.append((values.get("alttext"), values.get("display")))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("img", "link", "iframe") or "src" in values or "style" in values or any(n.startswith("on") for n in values):
            self.problems.append(f"<{tag}> {values}")
        if tag == "a" and not re.match("https?://", values.get("href") or ""):
            self.problems.append(f"a link to {values.get('href')}")
        if tag not in VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")


def check_rests(text):
    """What the script is told: a row rests on earlier ones, and so does each equation shown on the rows named in it."""
    problems, rests = [], {}
    for group, rows in re.findall(r'class="rests" data-group="(\d+)">(.*?)</script>', text):
        rests[group] = [set(row or ()) for row in json.loads(rows)]
        problems += [f"a row of derivation {group} rests on a later one"] * any(
            max(row, default=0) > i for i, row in enumerate(rests[group]))
    for group, row in re.findall(r'<div class="eq[^"]*" data-row="(\d+)\.(\d+)"', text):
        problems += [f"row {group}.{row} is shown and not known"] * (len(rests.get(group, [0] * int(row))) < int(row))
    for equation in re.findall(r'(?s)<div class="eq[^"]*" data-row="[\d.]+">.*?</math>', text):
        (group, row), *named = re.findall(r'data-row="(\d+)\.(\d+)"', equation)
        if group not in rests:   # a derivation that is too long for a graph
            continue
        below, todo = set(), [int(row)]
        while todo:
            each = todo.pop()
            if each not in below:
                below.add(each)
                todo += rests[group][each - 1]
        used = {int(r) for g, r in named if g == group and rests[group][int(r) - 1]}
        problems += [f"row {group}.{row} names {used - below} and does not rest on it"] * bool(used - below)
    return problems


def check_html(text, target=None):
    page = Page()
    page.feed(text)
    problems = page.problems + [f"<{tag}> not closed" for tag in page.open]
    problems += ["a formula without its text"] * any(not text for text, _ in page.texts)
    problems += ["no <title>"] * (not re.search("<title>.+</title>", text))
    problems += ["the first heading is no h1, or there are several"] * (page.headings[:1] != [1] or page.headings.count(1) != 1)
    problems += [f"h{b} follows h{a}" for a, b in zip(page.headings, page.headings[1:]) if b > a + 1]
    problems += [f"{len(text.encode())} bytes"] * (len(text.encode()) > 250_000)
    problems += ["something is loaded"] * bool(re.search(r"@import|url\((?!data:)", text)) + check_rests(text)
    if target:
        with open(target, "w", encoding="utf-8") as file:
            file.writelines(f"  {text}\n" for text, display in page.texts if display)
    return problems


def unbalanced(text, what):
    bare = re.sub(r"\\[\\{}$]", "", text)
    depth = 0
    for character in bare:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    return [f"braces do not match in {what}"] * (depth != 0)


def check_latex(text):
    problems, stack = unbalanced(re.sub(r"(?s)\\begin{verbatim}.*?\\end{verbatim}", "", text), "the file"), []
    for kind, name in re.findall(r"\\(begin|end){(\w+\*?)}", text):
        if kind == "begin":
            stack.append(name)
        elif not stack or stack.pop() != name:
            problems.append(f"\\end{{{name}}} without its beginning")
    return problems + [f"{name} not closed" for name in stack] + re.findall(r"[^\x00-\u017f]", text)


MATH = re.compile(r"(?ms)^```math\n(.*?)^```$")
FLOWCHART = re.compile(r"(?ms)^```mermaid\n(.*?)^```$\n*")
INLINE = re.compile(r"\$`([^`\n]*)`\$")


def check_flowchart(text):
    """A box a line, then what leads to each; an edge is between boxes that there are."""
    box, edge, style = r'  (n\d+)\["[^"<>&]+"\]:::(\w+)', r"  (n\d+(?: & n\d+)*) --> (n\d+)", r"  classDef (\w+) [\w:#,]+"
    first, *lines = text.splitlines()
    boxes, edges, styles = ([m for m in map(re.compile(kind).fullmatch, lines) if m] for kind in (box, edge, style))
    known, used = {m[1] for m in boxes}, {n for m in edges for n in re.findall(r"n\d+", m[0])}
    problems = ["no flowchart"] * (first != "flowchart LR" or len(boxes) + len(edges) + len(styles) != len(lines))
    problems += ["a box without a style"] * (not {m[2] for m in boxes} <= {m[1] for m in styles})
    return problems + ["an edge to no box"] * (not used <= known) + ["no edges"] * (not used)


def check_markdown(text, target=None):
    problems = [problem for block in FLOWCHART.findall(text) for problem in check_flowchart(block)]
    text = FLOWCHART.sub("", text)
    for block in MATH.findall(text):
        problems += unbalanced(block, block[:60])
        problems += ["an empty line within a formula"] * bool(re.search(r"^\s*$", block[:-1], re.M))
    bare = re.sub(r"(?ms)^(```|~~~~)\n.*?^\1$", "CODE", MATH.sub("FORMULAS", text))
    for formula in INLINE.findall(bare):
        problems += unbalanced(formula, formula)
        problems += [f"a blank at the end, or a bar: '{formula}'"] * (formula != formula.strip() or not formula or "|" in formula)
    problems += [f"a formula touches a word: {touch}" for touch in re.findall(r"\S{0,9}[\w$-]\$`|`\$[\w$-]\S{0,9}", bare)]
    rest = re.sub(r"<span>\$</span>", "DOLLAR", INLINE.sub("NAME", bare))
    problems += ["a lone dollar sign"] * ("$" in rest)
    for table in re.findall(r"(?m)(?:^\|.*\n)+", rest):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        problems += [f"a table with rows of different length: {table[:80]}"] * (len(widths) != 1)
    if target:
        plain = INLINE.sub("NAME", MATH.sub("FORMULAS", text))
        plain = re.sub(r"(?m)^    .*\n", "", plain)   # lines for a calculator
        with open(target, "w", encoding="utf-8") as file:
            file.write(re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)(?:^\|.*\n)+", "", plain)))
    return problems


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def main():
    what, files = sys.argv[1], sys.argv[2:]
    checks = {"html": check_html, "latex": check_latex, "markdown": check_markdown}
    problems = checks[what](read(files[0]), *files[1:])
    for problem in problems[:20]:
        print(f"{files[0]}: {problem}")
    sys.exit(bool(problems))


main()
