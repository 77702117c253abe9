"""What the oracles share: exact arithmetic, golden tables, and their comparison with print.

An oracle is a module with one function `golden()` for each table. It computes every value at
50 digits from formulas derived by hand and names it as the program does: a step `net_h1`, a
total derivative `dE_total/dw5`, a new weight `w5+`, a later step `E_total#2`. Beside the value
stands what the source prints, and whether that is right is asserted here, digit by digit.
"""

import csv
import io
import pathlib
from decimal import ROUND_HALF_UP, Decimal

from mpmath import mp, mpf

mp.dps = 50

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = ["name", "value", "published", "source", "note"]

ROUNDING = mpf(10) ** -40
DOUBLE = mpf(2) ** -46    # what a program in double precision may lose in a short calculation


def number(text):
    """The exact decimal number that a text writes."""
    return mpf(text)


def numbers(*texts):
    return [mpf(text) for text in texts]


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def digits17(value):
    """Seventeen significant digits, which is what tells one double from the next."""
    if value == 0:
        return "0"
    text = mp.nstr(mpf(value), 17)
    return text[:-2] if text.endswith(".0") else text


def rounds_to(value, printed):
    """Does the value, rounded to as many places as are printed, give what is printed?"""
    place = Decimal(1).scaleb(Decimal(printed).as_tuple().exponent)
    exact = Decimal(mp.nstr(mpf(value), 40))
    return exact.quantize(place, ROUND_HALF_UP) == Decimal(printed)


def confirm(loss, params, gradient):
    """A second opinion on a gradient derived by hand: central differences at 50 digits.

    `loss` takes a dict of params; `gradient` has one entry for each param to look at. Nothing
    computed here reaches a table.
    """
    h = mpf(10) ** -16
    for name, slope in gradient.items():
        up = loss({**params, name: params[name] + h})
        down = loss({**params, name: params[name] - h})
        assert abs((up - down) / (2 * h) - slope) < mpf(10) ** -25 * (1 + abs(slope)), name


class Golden:
    """One table of golden values, in the order in which they are told."""

    def __init__(self, name, source="", folder="golden"):
        self.path = ROOT / folder / f"{name}.csv"
        self.name = name
        self.source = source
        self.exact = {}     # name -> value
        self.print_of = {}  # name -> [printed, source, note]
        self.right = 0      # printed numbers that agree
        self.wrong = 0      # and those that do not

    def __getitem__(self, name):
        return self.exact[name]

    def row(self, name, value):
        assert name not in self.exact, f"{self.name}: {name} stands twice"
        assert value == 0 or abs(value) > ROUNDING, f"{self.name}: {name} is a rounding of 0"
        self.exact[name] = mpf(value)
        return self.exact[name]

    def rows(self, values, suffix=""):
        for name, value in values.items():
            self.row(name + suffix, value)

    def derivatives(self, of, by):
        """Rows d`of`/d`x` for each x of `by`."""
        for name, value in by.items():
            self.row(f"d{of}/d{name}", value)

    def updates(self, params, gradient, rate):
        """Rows w+ = w - rate*g; gives the new params."""
        new = {name: w - rate * gradient[name] for name, w in params.items()}
        for name, value in new.items():
            self.row(name + "+", value)
        return new

    def _print(self, name, printed, note, source):
        if name in self.print_of:
            earlier = self.print_of[name]
            short, long = sorted([earlier[0], printed], key=len)
            earlier[0] = long
            earlier[2] = "; ".join(filter(None, [earlier[2], note, f"also printed as {short}"]))
        else:
            self.print_of[name] = [printed, source or self.source, note]

    def printed(self, table, note="", source="", within=None):
        """Numbers printed right: rounding the value gives them (or `within` this distance)."""
        for name, printed in table.items():
            if within:
                assert abs(self.exact[name] - mpf(printed)) <= mpf(within), (name, printed)
            else:
                assert rounds_to(self.exact[name], printed), (self.name, name, printed)
            self.right += 1
            self._print(name, printed, note, source)

    def printed_in_double(self, table, note="", source=""):
        """Numbers printed by a program in double precision: right but for the last digits."""
        for name, printed in table.items():
            exact = self.exact[name]
            assert abs(exact - mpf(printed)) <= DOUBLE * abs(exact), (self.name, name, printed)
            tail = "" if rounds_to(exact, printed) else "last digits: double precision"
            self.right += 1
            self._print(name, printed, "; ".join(filter(None, [note, tail])), source)

    def misprinted(self, name, printed, note, source=""):
        """A number that the source has wrong; the note says why."""
        assert not rounds_to(self.exact[name], printed), (self.name, name, printed)
        assert note
        self.wrong += 1
        self._print(name, printed, note, source)

    def text(self):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        for name, value in self.exact.items():
            writer.writerow([name, digits17(value), *self.print_of.get(name, ["", "", ""])])
        return out.getvalue()
