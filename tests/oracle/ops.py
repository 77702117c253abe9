#!/usr/bin/env python3
"""Values and derivatives of every operation of core/ops.def, for tests/test_core_ops.c.

    ops.py --write    computes tests/oracle/ops.csv
    ops.py --check    computes it again; exit 1 where the file differs

Each operation and its derivatives are written here a second time, by hand, at 60 digits; mpmath's differences confirm
the derivatives. At kinks they are what the conventions say. A row: the operation, its arguments (exact doubles), its value and its
derivative by each argument, `-` where that is not asked for (a constant exponent).
"""

import pathlib
import sys

try:
    from mpmath import mp, mpf
except ModuleNotFoundError:
    sys.exit("the oracles need mpmath (Debian: python3-mpmath)")

mp.dps = 60
FILE = pathlib.Path(__file__).with_name("ops.csv")

POINTS = [-30.0, -7.5, -3.25, -1.0, -0.7, -0.1, -1e-3, 1e-3, 0.05, 0.5, 1.0, 1.3, 2.0, 4.75, 9.0, 25.0]
POSITIVE = [1e-6, 0.01, 0.3, 1.0, 1.7, 12.5, 4e5]
PAIRS = [(0.3, 0.8), (-1.5, 2.25), (4.0, -0.125), (-3.0, -7.0), (1e-3, 1e3), (1e5, 3.0)]
TRIPLES = [(0.3, 0.8, -1.2), (4.0, 2.0, 1.0), (-5.5, 0.25, 3.5), (-1.0, -2.0, -3.0), (7.0, -0.5, 9.5)]


def cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def pdf(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def index_of(choose, values):
    return mpf(values.index(choose(values)) + 1)


def of_each(slope):
    """The derivatives by however many arguments there are, the k-th from 0 being slope(arguments, k)."""
    return [lambda *a, k=k: slope(a, k) for k in range(10)]


def sech2(x):
    return 1 / mp.cosh(x) ** 2


SMOOTH = {    # operation: function, its derivative by each argument, arguments
    "COPY": (lambda a: a, [lambda a: 1], POINTS),
    "BATCH_SUM": (lambda a: a, [lambda a: 1], POINTS),
    "NEG": (lambda a: -a, [lambda a: -1], POINTS),
    "EXP": (mp.exp, [mp.exp], POINTS + [-700.0, 650.0]),
    "LOG": (mp.log, [lambda a: 1 / a], POSITIVE),
    "SQRT": (mp.sqrt, [lambda a: 1 / (2 * mp.sqrt(a))], POSITIVE),
    "ABS": (abs, [mp.sign], POINTS),
    "SIN": (mp.sin, [mp.cos], POINTS),
    "COS": (mp.cos, [lambda a: -mp.sin(a)], POINTS),
    "TANH": (mp.tanh, [sech2], POINTS),
    "SIGMOID": (sigmoid, [lambda a: sigmoid(a) * sigmoid(-a)], POINTS),
    "RELU": (lambda a: max(a, mpf(0)), [lambda a: a > 0], POINTS),
    "ELU": (lambda a: a if a > 0 else mp.expm1(a), [lambda a: 1 if a > 0 else mp.exp(a)], POINTS),
    "SOFTPLUS": (lambda a: mp.log(1 + mp.exp(a)), [sigmoid], POINTS),
    "GELU": (lambda a: a * cdf(a), [lambda a: cdf(a) + a * pdf(a)], POINTS),
    "NORMAL_CDF": (cdf, [pdf], POINTS),
    "NORMAL_PDF": (pdf, [lambda a: -a * pdf(a)], POINTS),
    "SUB": (lambda a, b: a - b, [lambda a, b: 1, lambda a, b: -1], PAIRS),
    "DIV": (lambda a, b: a / b, [lambda a, b: 1 / b, lambda a, b: -a / b ** 2], PAIRS),
    "POWER": (mp.power, [lambda a, b: b * a ** (b - 1), lambda a, b: a ** b * mp.log(a)],
              [(0.3, 0.8), (1.7, -2.5), (4.0, 0.5), (12.0, 3.0), (2.0, 80.0)]),
    "LEAKY_RELU": (lambda a, b: a if a > 0 else b * a, [lambda a, b: 1 if a > 0 else b, lambda a, b: min(a, 0)],
                   [(0.7, 0.01), (-0.7, 0.01), (-3.0, 0.2), (2.0, -0.5)]),
    "LEAKY_STEP": (lambda a, b: mpf(1) if a > 0 else b, [lambda a, b: 0, lambda a, b: a <= 0],
                   [(0.7, 0.01), (-0.7, 0.01), (-3.0, 0.2)]),
    "SUM": (lambda *a: mp.fsum(a), of_each(lambda a, k: 1), PAIRS + TRIPLES),
    "PROD": (lambda *a: mp.fprod(a), of_each(lambda a, k: mp.fprod(a[:k] + a[k + 1:])),
             PAIRS + TRIPLES + [(1.5, -2.0, 0.5, 3.0, -1.0, 0.25, 7.0, 1.1, -0.9, 2.5)]),
    "MAX": (lambda *a: max(a), of_each(lambda a, k: a[k] == max(a)), PAIRS + TRIPLES),
    "MIN": (lambda *a: min(a), of_each(lambda a, k: a[k] == min(a)), PAIRS + TRIPLES),
}

FLAT = {    # no gradient flows
    "DETACH": (lambda a: a, POINTS),
    "SIGN": (mp.sign, POINTS + [0.0]),
    "STEP": (lambda a: mpf(a > 0), POINTS + [0.0]),
    "EQ": (lambda a, b: mpf(a == b), PAIRS + [(2.0, 2.0), (0.0, 0.0)]),
    "ARGMAX": (lambda *a: index_of(max, a), PAIRS + TRIPLES + [(1.0, 3.0, 3.0), (2.0, 2.0)]),
    "ARGMIN": (lambda *a: index_of(min, a), PAIRS + TRIPLES + [(3.0, 1.0, 1.0), (2.0, 2.0)]),
}

# a^n with n a number of the formula: 0^0 is 1.
WHOLE_POWERS = [(a, float(n)) for a in (-1.7, 0.6, 2.0) for n in (-7, -2, -1, 0, 1, 2, 3, 10, 64)]
WHOLE_POWERS += [(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, 3.0)]

# Of 0^b the derivatives are what those of a^b tend to.
POWERS_OF_ZERO = [1.0, 1.5, 2.0, 80.0]
NEAR_ZERO = mpf(10) ** -2000

# Where there is no derivative, or mpmath would look past a kink: what the frameworks agree on.
KINKS = [
    ("RELU", (0.0,), 0, (0,)),
    ("ABS", (0.0,), 0, (0,)),
    ("ELU", (0.0,), 0, (1,)),
    ("LEAKY_RELU", (0.0, 0.25), 0, (mpf("0.25"), 0)),
    ("MAX", (2.0, 2.0), 2, (1, 0)),
    ("MAX", (1.0, 3.0, 3.0), 3, (0, 1, 0)),
    ("MIN", (2.0, 2.0), 2, (1, 0)),
    ("MIN", (3.0, 1.0, 1.0), 1, (0, 1, 0)),
]


def difference(function, arguments, k):
    def along(x):
        return function(*[x if i == k else a for i, a in enumerate(arguments)])
    return mp.diff(along, arguments[k], h=mpf(10) ** -20)


def derivatives(op, arguments):
    """What the formulas give, which differences confirm."""
    function, by, _ = SMOOTH[op]
    slopes = [mpf(by[k](*arguments)) for k in range(len(arguments))]
    for k, slope in enumerate(slopes):
        other = difference(function, arguments, k)
        assert abs(slope - other) <= mpf(10) ** -15 * max(abs(slope), mpf(10) ** -15), (op, arguments, k)
    return slopes


def no_smaller(slope):
    """0 for what a double cannot tell from it."""
    return mpf(0) if abs(slope) < mpf(10) ** -300 else slope


def digits(value):
    value = mpf(value)
    return "0" if value == 0 else mp.nstr(value, 20, min_fixed=-3, max_fixed=4)


def row(op, arguments, value, derivatives):
    columns = [op, str(len(arguments)), *[repr(a) for a in arguments], digits(value)]
    return ",".join(columns + [d if isinstance(d, str) else digits(d) for d in derivatives])


def rows():
    for op, (function, _, points) in SMOOTH.items():
        for point in points:
            exact = [mpf(a) for a in (point if isinstance(point, tuple) else (point,))]
            yield row(op, [float(a) for a in exact], function(*exact), [no_smaller(s) for s in derivatives(op, exact)])
    for op, (function, points) in FLAT.items():
        for point in points:
            exact = [mpf(a) for a in (point if isinstance(point, tuple) else (point,))]
            yield row(op, [float(a) for a in exact], function(*exact), [0] * len(exact))
    for a, n in WHOLE_POWERS:
        slope = mpf(0) if n == 0 else mpf(n) * mp.power(mpf(a), int(n) - 1)
        yield row("INTPOWER", [a, n], mp.power(mpf(a), int(n)), [slope, "-"])
    for b in POWERS_OF_ZERO:
        slopes = [by(NEAR_ZERO, mpf(b)) for by in SMOOTH["POWER"][1]]
        yield row("POWER", [0.0, b], 0, [no_smaller(s) for s in slopes])
    for op, arguments, value, slopes in KINKS:
        yield row(op, list(arguments), value, slopes)


def main():
    text = "op,count,arguments...,value,derivatives...\n" + "\n".join(rows()) + "\n"
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(text, encoding="utf-8")
    elif sys.argv[1:] != ["--check"]:
        sys.exit(__doc__)
    elif FILE.read_text(encoding="utf-8") != text:
        sys.exit(f"{FILE.name} differs from what is computed: run {pathlib.Path(__file__).name} --write")
    print(f"ops: {len(text.splitlines()) - 1} rows of values and derivatives")


if __name__ == "__main__":
    main()
