"""Surfaces of single examples and of their mean.

    parabolas   e_k = (w x_k - y_k)^2/2, de_k/dw = (w x_k - y_k) x_k; the mean's minimum is sum xy / sum x^2
    jitter      one example after the other, and all at once
    well        f = w^4/4 - w^2/2 + tilt w, f' = w^3 - w + tilt; coin: tilt + toss/2 for each example
"""

from mpmath import mp

import batches
from oracle import Golden, confirm, mpf, numbers

X, Y, slope = batches.X, batches.Y, batches.slope
BEST = mpf(58) / 30
TOSS = [-1, -1, 1, 1, 1, 1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1, 1, 1, -1, -1, -1, 1, -1, -1, 1, -1, -1, -1, -1, -1, 1, -1, -1,
        -1, 1, -1, -1, 1, -1, 1]


def parabolas(name, w):
    g = Golden(name)
    w = mpf(w)
    losses = [(w * x - y) ** 2 / 2 for x, y in zip(X, Y)]
    g.rows({f"e[{k + 1}]": e for k, e in enumerate(losses)})
    g.rows({f"de[{k + 1}]/dw": slope(w, k) for k in range(4)})
    gradient = sum(slope(w, k) for k in range(4)) / 4
    confirm(lambda v: batches.loss(v["w"]), {"w": w}, {"w": gradient})
    g.rows({"E": sum(losses) / 4, "dE/dw": gradient, "w+": w - mpf("0.05") * gradient})
    return g


def minimum():
    g = Golden("sgd_or_batch.at_the_minimum")
    assert abs(sum(slope(BEST, k) for k in range(4))) < mpf("1e-40")
    g.rows({f"g[{k + 1}]": slope(BEST, k) for k in range(4)} | {"E": batches.loss(BEST)})
    return g


def noise():
    g = Golden("sgd_or_batch.noise")
    for i, w in enumerate((mpf(1), BEST), 1):
        slopes = [slope(w, k) for k in range(4)]
        mean = sum(slopes) / 4
        g.rows({f"g[{i},{k + 1}]": s for k, s in enumerate(slopes)})
        if i == 1:   # at the minimum it is a rounding of 0
            g.row(f"mean[{i}]", mean)
        g.row(f"spread[{i}]", mp.sqrt(sum((s - mean) ** 2 for s in slopes) / 4))
    return g


def jitter():
    g = Golden("sgd_or_batch.jitter")
    large, small = numbers("0.08", "0.02")
    a = b = c = mpf(0)
    last = []
    for k in range(40):
        a, b = a - large * slope(a, k % 4), b - small * slope(b, k % 4)
        c -= large * sum(slope(c, j) for j in range(4)) / 4
        if k < 4 or k >= 36:
            g.rows({f"a[{k + 1}]": a, f"b[{k + 1}]": b, f"c[{k + 1}]": c})
        if k >= 36:
            last.append((a, b))
    for name, values in zip("ab", zip(*last)):
        g.row(f"jitter_{name}", max(values) - min(values))
    return g


def line():
    """p = wx + b on four points, twenty updates of the mean."""
    g = Golden("sgd_or_batch.line")
    x, y, (w, b, rate) = numbers("-1", "0", "1", "2"), numbers("-1", "1", "0", "3"), numbers("0", "2.5", "0.3")
    for update in range(21):
        d = [w * s + b - t for s, t in zip(x, y)]
        dw, db = sum(e * s for e, s in zip(d, x)) / 4, sum(d) / 4
        if update in (0, 1, 5, 20):
            g.rows({f"w#{update + 1}": w, f"b#{update + 1}": b, f"E#{update + 1}": sum(e * e for e in d) / 8})
        if update == 0:
            g.derivatives("E", {"w": dw, "b": db})
        w, b = w - rate * dw, b - rate * db
    return g


def bend(w, tilt):
    return w ** 3 - w + tilt


def well():
    g = Golden("sgd_or_batch.well")
    w, tilt, rate = numbers("1", "0.2", "0.3")
    confirm(lambda v: v["w"] ** 4 / 4 - v["w"] ** 2 / 2 + tilt * v["w"], {"w": w}, {"w": bend(w, tilt)})
    g.rows({"f": w ** 4 / 4 - w ** 2 / 2 + tilt * w, "df/dw": bend(w, tilt)})
    for update in range(1, 101):
        w -= rate * bend(w, tilt)
        if update in (1, 5, 20, 100):
            g.row(f"w#{update + 1}", w)
    return g


def coin():
    g = Golden("sgd_or_batch.coin")
    tilt, rate = numbers("0.2", "0.3")
    v = s = mpf(1)
    for k, toss in enumerate(TOSS, 1):
        v, s = v - rate * bend(v, tilt + mpf(toss) / 2), s - rate * bend(s, tilt)
        g.rows({f"v[{k}]": v, f"s[{k}]": s})
    return g


def exercise_2():
    g = Golden("sgd_or_batch.exercise_2")
    low, high, rate = numbers("1.5", "2.5", "0.5")
    after_high, after_low = low - rate * (low - 3), high - rate * (high - 1)
    g.rows({"after_high": after_high, "after_low": after_low, "miss": (after_high - high) ** 2 + (after_low - low) ** 2})
    a, b = 2 * (after_high - high), 2 * (after_low - low)
    g.derivatives("miss", {"low": a * (1 - rate) - b, "high": b * (1 - rate) - a})
    return g


def exercise_3():
    g = Golden("sgd_or_batch.exercise_3")
    w, slope = mpf("0.88"), mpf(1)
    for k in range(1, 8):
        slope *= 1 - mpf("0.3") * (3 * w ** 2 - 1)
        w -= mpf("0.3") * bend(w, mpf("0.7"))
        g.row(f"v[{k}]", w)
    g.row("dlast/dw", slope)
    return g


def alone():
    """The first of the four: an update makes of the error r = -w + b + 1 the error r - 2 rate r."""
    g = Golden("sgd_or_batch.alone")
    w, b, rate = numbers("0", "2.5", "0.3")
    for update in range(4):
        r = b - w + 1
        suffix = f"#{update + 1}" if update else ""
        g.rows({f"w{suffix}": w, f"b{suffix}": b, f"e{suffix}": r ** 2 / 2, f"de/dw{suffix}": -r, f"de/db{suffix}": r})
        w, b = w + rate * r, b - rate * r
    return g


def two_examples():
    g = Golden("sgd_or_batch.two_examples")
    w, tilt = numbers("1", "0.2")
    mean = w ** 4 / 4 - w ** 2 / 2 + tilt * w
    g.rows({"mean": mean, "left": mean + w / 2, "right": mean - w / 2, "E": mean})
    for name, slope in (("mean", 0), ("left", mpf("0.5")), ("right", -mpf("0.5")), ("E", 0)):
        g.row(f"d{name}/dw", bend(w, tilt) + slope)
    return g


def careful():
    g = Golden("sgd_or_batch.careful")
    v, rate = numbers("1", "0.05")
    for k, toss in enumerate(TOSS, 1):
        v -= rate * bend(v, mpf("0.2") + mpf(toss) / 2)
        g.row(f"v[{k}]", v)
    return g


def at_rest():
    """Between 5/3 and 7/3 each example leads to the other's place."""
    g = Golden("sgd_or_batch.at_rest")
    g.rows({"after_high": mpf(7) / 3, "after_low": mpf(5) / 3})
    return g


def hill():
    """Newton's steps to the top between the valleys, w^3 - w + 1/5 = 0."""
    g = Golden("sgd_or_batch.hill")
    w = mpf(1) / 5
    for k in range(1, 5):
        w -= bend(w, mpf(1) / 5) / (3 * w ** 2 - 1)
        g.row(f"w[{k}]", w)
    assert abs(bend(w, mpf(1) / 5)) < mpf("1e-25")
    return g


def tables():
    return [parabolas("sgd_or_batch", 1), minimum(), noise(), jitter(), line(), well(), coin(),
            parabolas("sgd_or_batch.exercise_1", 2), exercise_2(), exercise_3(),
            alone(),
            two_examples(),
            careful(),
            at_rest(),
            hill()]
