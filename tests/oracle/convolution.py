"""Filters that slide: y_a = sum_i k_i x_(a+i-1), so dL/dk_i = sum_a dL/dy_a x_(a+i-1) and dL/dx_j = sum_a dL/dy_a k_(j-a+1),
in two dimensions likewise.
"""

from mpmath import mp

import draws
from oracle import Golden, confirm, mpf, numbers


def slid(x, k, step=1):
    return [sum(w * x[step * a + i] for i, w in enumerate(k)) for a in range((len(x) - len(k)) // step + 1)]


def by_filter(x, dy, size, step=1):
    return [sum(d * x[step * a + i] for a, d in enumerate(dy)) for i in range(size)]


def by_input(k, dy, size, step=1):
    return [sum(d * k[j - step * a] for a, d in enumerate(dy) if 0 <= j - step * a < len(k)) for j in range(size)]


def named(family, values):
    return {f"{family}[{i}]": v for i, v in enumerate(values, start=1)}


def slide():
    g = Golden("convolution")
    x, k, c = numbers("1", "2", "3", "4"), numbers("0.5", "-1"), numbers("1", "2", "3")
    y = slid(x, k)
    g.rows(named("y", y) | {"L": sum(a * b for a, b in zip(c, y))})
    gradient = named("k", by_filter(x, c, 2))
    g.derivatives("L", named("y", c) | gradient)
    g.updates(named("k", k), gradient, mpf("0.1"))
    return g


def below():
    g = Golden("convolution.below")
    g.derivatives("L", named("x", by_input(numbers("0.5", "-1"), numbers("1", "2", "3"), 4)))
    g.derivatives("L", named("k", by_filter(numbers("1", "2", "3", "4"), numbers("1", "2", "3"), 2)))
    return g


PAIRS = [(1, 1), (1, 2), (2, 1), (2, 2)]


def table(*rows):
    return {(i, j): mpf(v) for i, row in enumerate(rows, start=1) for j, v in enumerate(row.split(), start=1)}


def slid_square(x, k):
    return {(i, j): sum(k[s, u] * x[i + s - 1, j + u - 1] for s, u in PAIRS) for i, j in PAIRS}


def by_square(x, dy):
    return {(s, u): sum(dy[i, j] * x[i + s - 1, j + u - 1] for i, j in PAIRS) for s, u in PAIRS}


def boxed(family, values):
    return {f"{family}[{i},{j}]": v for (i, j), v in values.items()}


def square():
    g = Golden("convolution.square")
    x, k, c = table("1 2 0", "0 1 3", "2 1 1"), table("1 0.5", "-1 2"), table("1 -1", "2 0.5")
    y = slid_square(x, k)
    g.rows(boxed("y", y) | {"L": sum(c[p] * y[p] for p in PAIRS)})
    g.derivatives("L", boxed("k", by_square(x, c)))
    return g


def exercise_1():
    g = Golden("convolution.exercise_1")
    x, k, (t, b, rate) = numbers("1", "0", "2", "1"), numbers("1", "-0.5"), numbers("2", "0.25", "0.1")
    net = [n + b for n in slid(x, k)]
    h = [max(mpf(0), n) for n in net]
    dy = [(sum(h) - t) * (n > 0) for n in net]
    gradient = named("k", by_filter(x, dy, 2)) | {"b": sum(dy)}
    params = named("k", k) | {"b": b}
    confirm(lambda p: (sum(max(mpf(0), n + p["b"]) for n in slid(x, [p["k[1]"], p["k[2]"]])) - t) ** 2 / 2, params,
            gradient)
    g.rows(named("net", net) | {"p": sum(h), "L": (sum(h) - t) ** 2 / 2})
    g.derivatives("L", gradient)
    g.updates(params, gradient, rate)
    return g


def exercise_2():
    g = Golden("convolution.exercise_2")
    x, k, t = table("1 0 2", "3 1 0", "0 2 1"), table("0.5 -0.25", "0.2 0.4"), table("1 0", "0 1")
    y = slid_square(x, k)
    error = {p: y[p] - t[p] for p in PAIRS}
    gradient = boxed("k", by_square(x, error))

    def loss(p):
        out = slid_square(x, {(i, j): p[f"k[{i},{j}]"] for i, j in PAIRS})
        return sum((out[q] - t[q]) ** 2 for q in PAIRS) / 2

    confirm(loss, boxed("k", k), gradient)
    g.rows(boxed("y", y) | {"L": sum(e ** 2 for e in error.values()) / 2})
    g.derivatives("L", gradient)
    g.updates(boxed("k", k), gradient, mpf("0.1"))
    return g


def exercise_3():
    g = Golden("convolution.exercise_3")
    x, t = numbers("1", "-1", "2", "0.5"), numbers("1", "0")
    k, m = numbers("0.5", "0.8"), numbers("1", "-0.6")

    def forward(k, m):
        h = [mp.tanh(n) for n in slid(x, k)]
        return h, slid(h, m)

    h, y = forward(k, m)
    error = [a - b for a, b in zip(y, t)]
    by_h = by_input(m, error, 3)
    gradient = named("k", by_filter(x, [d * (1 - one ** 2) for d, one in zip(by_h, h)], 2))
    gradient |= named("m", by_filter(h, error, 2))
    params = named("k", k) | named("m", m)
    confirm(lambda p: sum((a - b) ** 2 for a, b in zip(forward([p["k[1]"], p["k[2]"]], [p["m[1]"], p["m[2]"]])[1], t)) / 2,
            params, gradient)
    g.rows(named("h", h) | named("y", y) | {"L": sum(e ** 2 for e in error) / 2})
    g.derivatives("L", named("h", by_h) | gradient)
    g.updates(params, gradient, mpf("0.1"))
    return g


def exercise_4():
    g = Golden("convolution.exercise_4")
    x, k = numbers("1", "2", "-1", "3", "0.5"), numbers("0.5", "2")
    y = slid(x, k, 2)
    dy = [y[1], y[0]]
    g.rows(named("y", y) | {"L": y[0] * y[1]})
    g.derivatives("L", named("k", by_filter(x, dy, 2, 2)) | named("x", by_input(k, dy, 5, 2)))
    return g


def slips():
    g = Golden("convolution.slips")
    x, k, c = numbers("1", "2", "3", "4"), numbers("0.5", "-1"), numbers("1", "2", "3")
    g.rows(named("turned", by_filter(x, c, 2)[::-1]) | named("last", [c[2] * x[2], c[2] * x[3]])
           | named("right", by_input(k, c, 4)) | named("plain", by_input(k[::-1], c, 4)))
    return g


def rows():
    g = Golden("convolution.rows")
    x, k, c = numbers("1", "2", "3", "4"), numbers("0.5", "-1"), numbers("1", "2", "3")
    y = slid(x, k)
    g.rows({f"P[{a + 1},{i + 1}]": x[a + i] for a in range(3) for i in range(2)} | named("y", y))
    g.row("L", sum(a * b for a, b in zip(c, y)))
    g.derivatives("L", named("y", c) | named("k", by_filter(x, c, 2)))
    return g


SIX = [(i, j) for i in (1, 2, 3) for j in (1, 2)]


def picture():
    """Three drawn filters of two by two on two pictures of four by three, relu, and all outputs added up."""
    g = Golden("convolution.picture")
    seen = [table("1 0 0", "0 1 0", "0 0 1", "0 0 0"), table("0 1 0", "0 1 0", "0 1 0", "0 1 0")]
    params = {f"k[{q},{s},{u}]": draws.normal("k", q, s, u) / 2 for q in (1, 2, 3) for s, u in PAIRS}

    def sums(p, x):
        return {(q, i, j): sum(p[f"k[{q},{s},{u}]"] * x[i + s - 1, j + u - 1] for s, u in PAIRS)
                for q in (1, 2, 3) for i, j in SIX}

    def out(p, x):
        return sum(max(mpf(0), net) for net in sums(p, x).values())

    gradient = {name: mpf(0) for name in params}
    for x in seen:
        error = out(params, x) - 1
        for (q, i, j), net in sums(params, x).items():
            for s, u in PAIRS:
                gradient[f"k[{q},{s},{u}]"] += error * (net > 0) * x[i + s - 1, j + u - 1] / 2
    confirm(lambda p: sum((out(p, x) - 1) ** 2 for x in seen) / 4, params, gradient)
    losses = [(out(params, x) - 1) ** 2 / 2 for x in seen]
    g.rows({f"p@{n}": out(params, x) for n, x in enumerate(seen, start=1)}
           | {f"L@{n}": loss for n, loss in enumerate(losses, start=1)} | {"L": sum(losses) / 2})
    g.derivatives("L", gradient)
    g.updates(params, gradient, mpf("0.01"))
    return g


def counts():
    g = Golden("convolution.counts")
    g.rows({"places": 24, "outputs": 576, "dense": 784 * 576, "filter": 25})
    return g


def pooling():
    g = Golden("convolution.pooling")
    g.rows({"largest": 3, "middle": mpf("1.5"), "L": 12})
    g.derivatives("L", {"largest": 2, "middle": 4, "x[1,1]": 1, "x[1,2]": 3, "x[2,1]": 1, "x[2,2]": 1})
    return g


def tables():
    return [slide(), below(), square(), exercise_1(), exercise_2(), exercise_3(), exercise_4(),
            slips(),
            rows(),
            picture(),
            counts(),
            pooling()]
