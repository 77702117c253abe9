"""Finds numbers with a decimal point in the prose of lessons.

    prose_numbers.py FILE...

In a lesson every number is computed, or is a citation, `printed 0.016`, and then the lesson links to its source
(lessons/README.md). Prose is what is left without fenced blocks, quantities, `= E#2`, citations, calls of
`tutor …` and links' addresses. Other code is prose, for it is no place to hide a number in.
"""

import re
import sys

FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
COMPUTED = re.compile(r"(?<!`)`(?:= [^`]*|printed [^`\s]*|tutor [^`]*)`(?!`)")
LINK = re.compile(r"\]\(https?://[^)]*\)|<https?://[^>]*>")
NUMBER = re.compile(r"(?<![\w.])[-−+]?\d*\.\d+(?:[eE][-+]?\d+)?(?![\w]*\.?\d)")


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def without_fences(lines):
    fence = None
    for line in lines:
        mark = FENCE.match(line)
        if fence is None and mark:
            fence = mark.group(1)
            yield ""
        elif fence is not None:
            if mark and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = None
            yield ""
        else:
            yield line


def problems(text):
    prose = "\n".join(without_fences(text.split("\n")))
    cites, links = "`printed " in prose, LINK.search(prose)
    prose = LINK.sub(blank, COMPUTED.sub(blank, prose))
    for number, line in enumerate(prose.split("\n"), 1):
        for match in NUMBER.finditer(line):
            yield number, f"{match.group()} is typed, not computed"
    if cites and not links:
        yield 1, "a number that a source prints, and no link to a source"


def main():
    found = 0
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            for line, problem in problems(file.read()):
                print(f"{name}:{line}: {problem}")
                found += 1
    sys.exit(found > 0)


main()
