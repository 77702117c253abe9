"""Takes the one chart of a page apart: charts.py PAGE line N FORMULA | contour FORMULA

The numbers at the axes say what a place of the picture stands for. Every place of line N (None: no formula, it has places
only), or of every contour line, is put into the formula of x (and y), which must give its y (or one level for a line) as
nearly as a tenth of a pixel can.
"""

import math
import re
import sys

NUMBER = r"-?[\d.]+(?:e-?\d+)?"


def value(text):
    text = text.replace("−", "-")
    power = re.fullmatch(r"(-?)(?:([\d.]+)·)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if not power:
        return float(text)
    exponent = power[3].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(f"{power[1]}{power[2] or 1}e{exponent}")


def scale(places):
    """From two places of an axis, the function from pixels to numbers; logarithmic where even steps are not even."""
    places = sorted(places)
    (a, low), (b, high) = places[0], places[-1]
    middle, number = places[len(places) // 2]
    straight = low + (high - low) * (middle - a) / (b - a)
    if len(places) > 2 and abs(straight - number) > 0.01 * abs(high - low):
        return lambda place: low * (high / low) ** ((place - a) / (b - a))
    return lambda place: low + (high - low) * (place - a) / (b - a)


def lines(path):
    """The places of a path: M and relative l."""
    result, x, y = [], 0, 0
    for letter, dx, dy in re.findall(rf"([Ml])({NUMBER}) ({NUMBER})", path):
        x, y = (float(dx), float(dy)) if letter == "M" else (x + float(dx), y + float(dy))
        if letter == "M":
            result.append([])
        result[-1].append((x, y))
    return result


def main():
    page, what, *rest = sys.argv[1:]
    text = open(page, encoding="utf-8").read()
    svg = text[text.index('<svg class="chart"'):]
    inner = svg[svg.index("<svg x="):svg.index("</svg>")]
    left, top, width, height = (float(n) for n in re.search(r'viewBox="([^"]*)"', inner)[1].split())
    texts = re.findall(r'<text class="(\w+)" x="([\d.]+)" y="([\d.]+)">([^<]*)</text>', svg)
    below = [(float(x), value(t)) for kind, x, y, t in texts
             if kind == "middle" and top + height < float(y) < top + height + 20 and t != ""]
    beside = [(float(y) - 13 * .35, value(t)) for kind, x, y, t in texts if kind == "end"]
    to_x, to_y = scale(below), scale(beside)
    evaluate = lambda formula, **names: eval(formula, {"exp": math.exp, "round": round, **names})
    if what == "contour":
        found = [line for path in re.findall(r'<path class="contour" d="([^"]*)"', inner) for line in lines(path)]
        assert len(found) > 5, found
        for line in found:
            heights = [evaluate(rest[0], x=to_x(x), y=to_y(y)) for x, y in line]
            assert max(heights) - min(heights) < 0.03, (min(heights), max(heights))
        return
    found = [line for path in re.findall(rf'<path class="line s{rest[0]}" d="([^"]*)"', inner) for line in lines(path)]
    places = sum(found, [])
    assert len(places) >= 2, found
    for x, y in places:
        if rest[1] == "None" or not (top < y < top + height):
            continue
        slack = abs(to_y(y + .3) - to_y(y - .3))
        around = [evaluate(rest[1], x=to_x(x + by)) for by in (-.15, 0, .15)] if "round" not in rest[1] else [evaluate(rest[1], x=to_x(x))] * 3
        assert min(around) - slack <= to_y(y) <= max(around) + slack, (to_x(x), to_y(y), around)


main()
