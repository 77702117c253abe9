"""Writes the picture of the README: a piece of the Mazur lesson as a terminal shows it, in SVG. picture.py TUTOR"""

import os
import re
import subprocess
import sys
from html import escape

WIDTH, LINE, LETTER, MARGIN = 76, 19, 8.43, 22
COLOURS = {"back": "#15181e", "text": "#d8dee9", "bright": "#8fbcbb", "dim": "#6b7485", "value": "#ebcb8b"}


def lesson(tutor):
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    return subprocess.run([tutor, "lesson", "mazur", "--width", str(WIDTH)], env=environment, check=True,
                          stdout=subprocess.PIPE, text=True).stdout.splitlines()


def between(lines, first, behind):
    start = next(i for i, line in enumerate(lines) if line.startswith(first))
    end = next(i for i, line in enumerate(lines) if i > start and line.startswith(behind))
    return lines[start:end]


def coloured(line):
    """Headings bright, rules dim, the value behind an equation's last sign in its own colour."""
    if line and set(line.strip()) <= {"─", "═"}:
        return f'<tspan fill="{COLOURS["dim"]}">{escape(line)}</tspan>'
    equation = re.match("(\u00a0.*[ \u00a0]= )(-?[0-9.]+)$", line)
    if equation:
        return f'{escape(equation[1])}<tspan fill="{COLOURS["value"]}">{equation[2]}</tspan>'
    return escape(line)


def main():
    lines = lesson(sys.argv[1])
    shown = ["$ tutor lesson mazur", "…", ""]
    shown += between(lines, "The output layer: w5", "In one line")
    shown += ["…"]
    height = len(shown) * LINE + 2 * MARGIN
    width = round(WIDTH * LETTER + 2 * MARGIN)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">')
    print(f'<rect width="100%" height="100%" rx="8" fill="{COLOURS["back"]}"/>')
    print(f'<g fill="{COLOURS["text"]}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" '
          'xml:space="preserve">')
    for i, line in enumerate(shown):
        heading = i + 1 < len(shown) and shown[i + 1] and set(shown[i + 1].strip()) <= {"─", "═"}
        blanks = len(line) - len(line.lstrip(" "))
        line = "\u00a0" * blanks + line[blanks:]  # leading blanks are dropped by most viewers
        body = f'<tspan fill="{COLOURS["bright"]}">{escape(line)}</tspan>' if heading else coloured(line)
        if line:
            print(f'<text x="{MARGIN}" y="{MARGIN + 14 + i * LINE}">{body}</text>')
    print("</g>\n</svg>")


main()
