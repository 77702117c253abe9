"""Learning rates on parabolas, and schedules.

    f = c w^2/2: w_t = w_0 (1 - rate c)^t
    schedules on f = w^2/2: w_t = w_(t-1) (1 - rate_t)
    mean: with rate 1/t the weight is the mean of what it has seen
"""

from mpmath import mp

import batches
from oracle import Golden, mpf, numbers

SEEN = numbers("3", "7", "2", "8", "4", "6")


def valley(name, rate):
    g = Golden(name)
    c, rate = mpf(4), mpf(rate)
    factor = 1 - rate * c
    g.rows({"f": c / 2, "df/dw": c, "w+": factor})
    for t in (1, 2, 10, 40):
        if factor != 0:
            g.rows({f"w#{t + 1}": factor ** t, f"f#{t + 1}": c / 2 * factor ** (2 * t)})
    return g


def factors():
    g = Golden("learning_rate.factors")
    g.rows({f"factor[{i}]": 1 - 4 * rate for i, rate in enumerate(numbers("0.02", "0.25", "0.45", "0.5", "0.55"), 1) if i != 4})
    g.row("factor[4]", -1)
    return g


def two(name, rate):
    g = Golden(name)
    g.derivatives("f", {"w1": 4, "w2": 10})
    for t in (0, 1, 20):
        w1, w2 = 4 * (1 - rate) ** t, (1 - 10 * rate) ** t
        g.rows({f"w1#{t + 1}": w1, f"w2#{t + 1}": w2, f"f#{t + 1}": w1 ** 2 / 2 + 5 * w2 ** 2})
    return g


def mean():
    g = Golden("learning_rate.mean")
    v = mpf(0)
    for t, y in enumerate(SEEN, 1):
        g.rows({f"rate[{t}]": mpf(1) / t, f"g[{t}]": v - y})
        v = sum(SEEN[:t]) / t
        g.row(f"v[{t}]", v)
    return g


def steady():
    g = Golden("learning_rate.steady")
    v = mpf(0)
    for t, y in enumerate(SEEN, 1):
        v = (v + y) / 2
        g.row(f"v[{t}]", v)
    return g


def seen():
    g = Golden("learning_rate.seen")
    g.rows({f"average[{t}]": sum(SEEN[:t]) / t for t in range(1, 7)})
    return g


def lowest():
    g = Golden("learning_rate.lowest")
    w = sum(x * y for x, y in zip(batches.X, batches.Y)) / sum(x ** 2 for x in batches.X)
    g.rows({"w": w, "E": batches.loss(w)})
    return g


def schedule(name, rate, at=(1, 2, 10, 30, 59), start=1):
    g = Golden(f"learning_rate.{name}")
    w = mpf(start)
    g.row("df/dw", w)
    for t in range(1, 61):
        if t in at:
            g.rows({f"w#{t}": w, f"update.rate#{t}": rate(mpf(t))})
        w *= 1 - rate(mpf(t))
    return g


def jump(t, at):
    return mpf(t > at)


def epochs(name, falls):
    g = Golden(f"learning_rate.{name}")
    w = mpf(0)
    for epoch in range(1, 101):
        rate = mpf("0.08") / (epoch if falls else 1)
        for k in range(4):
            w -= rate * batches.slope(w, k)
            if epoch == 1:
                g.row(f"v[{k + 1}]", w)
        if epoch in (1, 5, 20, 100):
            g.row(f"E#{epoch + 1}", batches.loss(w))
    return g


def exercise_1():
    g = Golden("learning_rate.exercise_1")
    for t in range(4):
        w = 1 + 2 * (1 - mpf("0.2") * 8) ** t
        g.rows({f"w#{t + 1}": w, f"f#{t + 1}": 4 * (w - 1) ** 2, f"df/dw#{t + 1}": 8 * (w - 1)})
    return g


def fourth_power(name, start):
    g = Golden(name)
    w = mpf(start)
    for t in range(3):
        g.rows({f"w#{t + 1}": w, f"f#{t + 1}": w ** 4 / 4, f"df/dw#{t + 1}": w ** 3})
        w -= mpf("0.2") * w ** 3
    return g


def both_factors():
    g = Golden("learning_rate.both_factors")
    g.rows({"rate": mpf(2) / 11, "factor1": mpf(9) / 11, "factor2": -mpf(9) / 11})
    return g


def tables():
    four, tenth = numbers("0.4", "0.1")
    return [valley("learning_rate", "0.02"), valley("learning_rate.right", "0.25"), valley("learning_rate.large", "0.45"),
            valley("learning_rate.too_large", "0.55"), factors(), two("learning_rate.two", mpf("0.05")),
            two("learning_rate.near", mpf("0.19")), two("learning_rate.best", mpf(2) / 11), mean(), steady(), seen(), lowest(),
            schedule("by_time", lambda t: four / (1 + tenth * t)),
            schedule("by_steps", lambda t: four / 2 ** (jump(t, 20) + jump(t, 40))),
            schedule("by_power", lambda t: four * mp.exp(-t / 20)),
            schedule("by_cosine", lambda t: four / 2 * (1 + mp.cos(mpf("3.141592653589793") * t / 60))),
            schedule("with_warm_up", lambda t: four * min(1, t / 10)), epochs("constant", False), epochs("falling", True),
            exercise_1(), fourth_power("learning_rate.exercise_2", 1), schedule("exercise_3", lambda t: 1 / (2 * mp.sqrt(t)), (1, 2, 3, 4), 2),
            both_factors(),
            fourth_power("learning_rate.three", 3),
            fourth_power("learning_rate.four", 4)]
