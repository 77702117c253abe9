"""Reads a lesson, a trace or an answer and says whether its formulas have the signs that they should.

    notation.py text|markdown|latex|html [d] [cross]

With `d`, no formula has a ∂, and some have d; with `cross`, none has a · between numbers or names, and some have ×; and
the other way round without.
"""

import re
import sys

FORMULAS = {
    "text": re.compile(r"^ .* = .*$", re.M),
    "markdown": re.compile(r"```math\n.*?\n```", re.S),
    "latex": re.compile(r"\\begin{align\*}.*?\\end{align\*}", re.S),
    "html": re.compile(r"<math display=\"block\".*?</math>"),
}
ROUND, UPRIGHT = re.compile(r"∂|\\partial"), re.compile(r"\bd[A-Z]\w*/d\w|\\mathrm{d}|<mi mathvariant=\"normal\">d</mi>")
DOT, CROSS = re.compile(r"·|\\cdot(?! 10)"), re.compile(r"×|\\times")


def main():
    form, words = sys.argv[1], sys.argv[2:]
    formulas = "\n".join(FORMULAS[form].findall(sys.stdin.read()))
    formulas = formulas.replace("</mn><mo>·</mo><msup><mn>10</mn>", "")
    wanted, unwanted = [UPRIGHT, CROSS], [ROUND, DOT]
    for i, word in enumerate(["d", "cross"]):
        if word not in words:
            wanted[i], unwanted[i] = unwanted[i], wanted[i]
    problems = [f"no {sign.pattern}" for sign in wanted if not sign.search(formulas)]
    problems += [f"there is {sign.search(formulas).group()}" for sign in unwanted if sign.search(formulas)]
    print("\n".join(problems))
    sys.exit(bool(problems))


main()
