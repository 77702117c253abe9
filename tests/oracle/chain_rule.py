"""The circuits of the lesson on the chain rule.

two_gates   f = (x + y)z
max_gate    f = 2(xy + max(z, w)), z > w
neuron      f = 1/inc, inc = e^-s + 1: df/dinc = -1/inc^2, df/dneg = df/dinc e^-s, df/ds = -df/dneg
squashed    the same with df/ds = f(1 - f)
fork        f = 3x x^2, df/dx = 9x^2
reuse       b = 2a, c = 2b
order       b = 3a, c = b^2, d = c + b: dd/db = 2b + 1, dd/da = 3(2b + 1)
two_nudges  3xy^2 with x, y moved alone and together
exercise_4  h = tanh(wx), p = uh, q = vh, E = pq + h: dE/dh = uq + vp + 1
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid


def two_gates():
    g = Golden("chain_rule", "CS231n notes, cs231n.github.io/optimization-2")
    x, y, z = numbers("-2", "5", "-4")
    g.rows({"q": x + y, "f": (x + y) * z})
    g.derivatives("f", {"f": 1, "q": z, "z": x + y, "x": z, "y": z})
    g.derivatives("q", {"x": 1, "y": 1})
    g.printed({"q": "3", "f": "-12", "df/dq": "-4", "df/dz": "3", "df/dx": "-4", "df/dy": "-4"})
    return g


def max_gate():
    g = Golden("chain_rule.max_gate", "CS231n notes, cs231n.github.io/optimization-2")
    x, y, z, w = numbers("3", "-4", "2", "-1")
    assert z > w
    g.rows({"product": x * y, "larger": z, "total": x * y + z, "f": 2 * (x * y + z)})
    g.derivatives("f", {"total": 2, "product": 2, "larger": 2, "x": 2 * y, "y": 2 * x, "z": 2, "w": 0})
    g.printed({"product": "-12.00", "larger": "2.00", "total": "-10.00", "f": "-20.00",
               "df/dx": "-8.00", "df/dy": "6.00", "df/dz": "2.00", "df/dw": "0.00"})
    return g


def neuron():
    g = Golden("chain_rule.neuron", "CS231n notes, cs231n.github.io/optimization-2")
    w0, w1, w2, x0, x1 = numbers("2", "-3", "-3", "-1", "-2")
    s = w0 * x0 + w1 * x1 + w2
    e = mp.exp(-s)
    inc = e + 1
    g.rows({"a0": w0 * x0, "a1": w1 * x1, "both": w0 * x0 + w1 * x1, "s": s, "neg": -s,
            "ex": e, "inc": inc, "f": 1 / inc})
    dinc = -1 / inc ** 2
    dneg = dinc * e
    ds = -dneg
    g.derivatives("f", {"inc": dinc, "ex": dinc, "neg": dneg, "s": ds, "both": ds, "a0": ds, "a1": ds,
                        "w0": ds * x0, "w1": ds * x1, "w2": ds, "x0": ds * w0, "x1": ds * w1})
    g.printed({"a0": "-2.00", "a1": "6.00", "both": "4.00", "s": "1.00", "neg": "-1.00", "ex": "0.37",
               "inc": "1.37", "f": "0.73", "df/dinc": "-0.53", "df/dex": "-0.53", "df/dneg": "-0.20",
               "df/ds": "0.20", "df/dw0": "-0.20", "df/dw1": "-0.39", "df/dw2": "0.20",
               "df/dx0": "0.39", "df/dx1": "-0.59"})
    return g


def squashed():
    g = Golden("chain_rule.squashed")
    given = dict(zip(("w0", "w1", "w2", "x0", "x1"), numbers("2", "-3", "-3", "-1", "-2")))

    def out(v):
        return sigmoid(v["w0"] * v["x0"] + v["w1"] * v["x1"] + v["w2"])

    f = g.row("f", out(given))
    ds = f * (1 - f)
    gradient = {"w0": ds * given["x0"], "w1": ds * given["x1"], "w2": ds,
                "x0": ds * given["w0"], "x1": ds * given["w1"]}
    confirm(out, given, gradient)
    g.derivatives("f", {"s": ds, **gradient})
    return g


def fork():
    g = Golden("chain_rule.fork")
    x = mpf(2)
    g.rows({"u": 3 * x, "v": x ** 2, "f": 3 * x ** 3})
    g.derivatives("f", {"u": x ** 2, "v": 3 * x, "x": 9 * x ** 2})
    return g


def reuse():
    g = Golden("chain_rule.reuse")
    g.rows({"b": 2, "c": 4, "dc/db": 2, "db/da": 2, "dc/da": 4})
    return g


def order():
    g = Golden("chain_rule.order")
    b = 3 * mpf(1)
    g.rows({"b": b, "c": b ** 2, "d": b ** 2 + b, "dc/db": 2 * b, "dd/db:direct": 1, "dd/db": 2 * b + 1,
            "dd/da": 3 * (2 * b + 1)})
    return g


def two_nudges():
    g = Golden("chain_rule.two_nudges")
    a, b = numbers("2.001", "2")
    g.rows({"f": 3 * b ** 3, "first": 3 * b ** 2 * (a - b), "second": 3 * b * (a - b) * (a + b),
            "together": 3 * (a ** 3 - b ** 3), "sum_of_both": 3 * b * (a - b) * (a + 2 * b)})
    return g


def exercise_4():
    g = Golden("chain_rule.exercise_4")
    x, w, u, v = numbers("0.5", "1.2", "0.4", "-0.6")
    h = mp.tanh(w * x)
    p, q = u * h, v * h
    g.rows({"h": h, "p": p, "q": q, "E": p * q + h})
    by_h = u * q + v * p + 1
    by_w = by_h * (1 - h ** 2) * x
    given = {"w": w, "u": u, "v": v}

    def loss(at):
        out = mp.tanh(at["w"] * x)
        return at["u"] * at["v"] * out ** 2 + out

    gradient = {"w": by_w, "u": q * h, "v": p * h}
    confirm(loss, given, gradient)
    g.derivatives("E", {"p": q, "q": p, "h": by_h, **gradient})
    return g


def exercise_1():
    g = Golden("chain_rule.exercise_1")
    given = dict(zip("xyz", numbers("3", "-2", "1")))
    x, y, z = given.values()
    assert x > z
    p, q, r = x * y, x * y + z, x
    gradient = {"x": r * y + q, "y": r * x, "z": r}
    confirm(lambda v: (v["x"] * v["y"] + v["z"]) * max(v["x"], v["z"]), given, gradient)
    g.rows({"p": p, "q": q, "r": r, "f": q * r})
    g.derivatives("f", {"p": r, "q": r, "r": q, **gradient})
    return g


def exercise_2():
    g = Golden("chain_rule.exercise_2")
    x0, x1 = numbers("0.5", "-1")
    w = dict(zip(("w0", "w1", "w2"), numbers("1", "0.4", "0.1")))

    def total(v):
        return v["w0"] * x0 + v["w1"] * x1 + v["w2"]

    f = sigmoid(total(w))
    slope = f * (1 - f)
    gradient = {"w0": slope * x0, "w1": slope * x1, "w2": slope}
    confirm(lambda v: sigmoid(total(v)), w, gradient)
    g.rows({"s": total(w), "f": f})
    g.derivatives("f", {"s": slope, **gradient})
    return g


def exercise_3():
    """d = (4a)(2a) = 8a^2."""
    g = Golden("chain_rule.exercise_3")
    confirm(lambda v: 8 * v["a"] ** 2, {"a": mpf(1)}, {"a": mpf(16)})
    g.rows({"b": 2, "c": 4, "d": 8, "dc/db": 2, "dd/dc": 2, "dd/db:direct": 4, "dd/db": 4 + 2 * 2, "dd/da": 16})
    return g


def bookkeepers():
    """The right walk and the wrong ones through `reuse`, `order` and exercise 3."""
    books, walks, third = Golden("chain_rule.books"), Golden("chain_rule.walks"), Golden("chain_rule.books_3")
    books.rows({"g_b": 2, "g_a": 4, "over_b": 1, "over_a": 1, "early_b": 1, "early_a": 2, "visit_a": 4, "twice_a": 8})
    walks.rows({"b_in_order": 7, "a_in_order": 21, "b_too_soon": 1, "a_too_soon": 3, "b_again": 7, "a_again": 24})
    third.rows({"overwritten_b": 2, "overwritten_a": 2, "early_a": 8, "whole_b": 8, "visit_a": 16, "each_visit_a": 48})
    return [books, walks, third]


def tables():
    return [two_gates(), max_gate(), neuron(), squashed(), fork(), reuse(), order(), two_nudges(), exercise_4(),
            exercise_1(),
            exercise_2(),
            exercise_3(),
            *bookkeepers()]
