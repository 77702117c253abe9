"""Recomputes every printed line from the digits that it shows.

    printed_lines.py LEAST [DIGITS] < text   equations of a lesson, a trace or an answer of `why`, printed with --digits
    printed_lines.py LEAST csv < csv         the rows of `trace --format csv`
    printed_lines.py each < list             many at once: a line each with a file, LEAST, DIGITS or csv, and what it is

A line `name = formula = numbers = value` is true when the numbers, put together as they stand, give the digits of the
value; a value behind the sign for `about` is let off the last digit. Lines in which something is elided are left out.
At least LEAST lines must have been recomputed, so that a test cannot pass on nothing. Nothing of the program is used:
the formulas are evaluated by Python.
"""

import csv
import math
import re
import sys
from decimal import Decimal


FUNCTIONS = {
    "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs, "sin": math.sin, "cos": math.cos,
    "tanh": math.tanh, "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "relu": lambda x: max(x, 0.0),
    "step": lambda x: 1.0 if x > 0 else 0.0, "sign": lambda x: (x > 0) - (x < 0),
    "leaky_relu": lambda x, s: x if x > 0 else s * x, "leaky_step": lambda x, s: 1.0 if x > 0 else s,
    "elu": lambda x: x if x > 0 else math.expm1(x), "softplus": lambda x: max(x, 0) + math.log1p(math.exp(-abs(x))),
    "gelu": lambda x: x * 0.5 * math.erfc(-x / math.sqrt(2)), "Phi": lambda x: 0.5 * math.erfc(-x / math.sqrt(2)),
    "phi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    "eq": lambda a, b: 1.0 if a == b else 0.0, "max": max, "min": min,
    "argmax": lambda *a: 1 + a.index(max(a)), "argmin": lambda *a: 1 + a.index(min(a)),
    "detach": lambda x: x, "nan": math.nan, "inf": math.inf,
}
SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NUMERIC = re.compile(r"^(?:[-+*/^(), ]|\d+\.?\d*(?:e[-+]?\d+)?|" + "|".join(FUNCTIONS) + r")+$")


def plain(text):
    text = text.replace("·", "*").replace("−", "-")
    return re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "^" + m.group().translate(SUPERSCRIPT), text)


def evaluate(text):
    """-2^2 is -4 in Python too; whole numbers are made floats so that / and ** are those of the reals."""
    source = re.sub(r"(?<![\w.])(?<!e-)(?<!e\+)(\d+)(?![\w.])", r"\1.0", text).replace("^", "**")
    return float(eval(source, {"__builtins__": {}}, FUNCTIONS))  # the text matched NUMERIC


def same_digits(value, printed, about, digits):
    """Whether the value, rounded to the place of the last printed digit, is what is printed."""
    if printed in ("nan", "inf", "-inf"):
        return str(value) == printed or (printed == "nan" and math.isnan(value))
    place = Decimal(printed).as_tuple().exponent
    unit = Decimal(1).scaleb(place if place < 0 else 0)
    # Trailing zeros are dropped in print, so nothing coarser than the decimals asked for is meant.
    unit = min(unit, Decimal(1).scaleb(-digits)) if "e" not in printed else unit
    slack = unit * (2 if about else 1) / 2
    room = Decimal(abs(value)) * Decimal("4e-16") if math.isfinite(value) else 0
    return abs(Decimal(value) - Decimal(printed)) <= slack + room


def equations(lines):
    """Equations begin at an indent of two; what is indented more continues them."""
    current = None
    for line in lines + [""]:
        line = line.rstrip("\n")
        indent = len(line) - len(line.lstrip(" "))
        if current is not None and indent > 2 and line.strip():
            current += " " + line.strip()
            continue
        if current is not None:
            yield current
        current = line.strip() if indent == 2 and line.strip() else None


def check_text(lines, digits):
    checked, wrong = 0, []
    for equation in equations(lines):
        about = " ≈ " in equation or " ~ " in equation
        parts = re.split(r" [=≈~] ", equation.replace(" ≈ ", " = ").replace(" ~ ", " = "))
        parts = [re.sub(r"\s+", " ", plain(part)).strip() for part in parts]
        if len(parts) < 2 or "…" in equation or "..." in equation:
            continue
        formula, value = parts[-2].replace("* ", "*"), parts[-1]
        if not NUMERIC.match(formula) or not re.match(r"^-?(?:[\d.]+(?:e[-+]?\d+)?|nan|inf)$", value):
            continue
        checked += 1
        if not same_digits(evaluate(formula), value, about, digits):
            wrong.append(f"{equation}\n    gives {evaluate(formula)!r}")
    return checked, wrong


def check_csv(lines):
    checked, wrong = 0, []
    for row in csv.DictReader(lines):
        if not row["formula"]:
            continue
        checked += 1
        ids = [int(i) for i in row["parents"].split()]
        value, result = float(row["value"]), evaluate(row["substituted"])
        scale = max([abs(value)] + [abs(float(x)) for x in re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", row["substituted"])])
        alike = (math.isnan(value) and math.isnan(result)) or abs(result - value) <= 1e-14 * scale
        if not alike or any(i >= int(row["id"]) for i in ids):
            wrong.append(f"{row}\n    gives {result!r}")
    return checked, wrong


def is_true(lines, least, form, called=""):
    checked, wrong = check_csv(lines) if form == "csv" else check_text(lines, int(form))
    good = not wrong and checked >= least
    if not called or not good:
        for line in wrong[:20]:
            print("not true:", line)
        print(f"{called}{checked} lines recomputed, {len(wrong)} not true")
    return good


def check_each(listing):
    good = []
    for line in listing:
        name, least, form, called = line.rstrip("\n").split("\t")
        with open(name, encoding="utf-8") as file:
            good.append(is_true(file.readlines(), int(least), form, called + ": "))
    print(f"{len(good)} files, {good.count(False)} not true")
    return all(good)


def main():
    if sys.argv[1] == "each":
        sys.exit(not check_each(sys.stdin.readlines()))
    sys.exit(not is_true(sys.stdin.readlines(), int(sys.argv[1]), (sys.argv[2:] or ["9"])[0]))


main()
