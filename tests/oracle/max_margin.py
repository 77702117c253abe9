"""Two windows with shared weights and a margin between their scores: J = max(0, 1 - s + s_c), s = u f(Wx + b).

While J > 0: dJ/du = h_c - h; by the sums -u f' for the right window and +u f' for the corrupted one; a weight adds up
both windows, a word vector the places where it stands.
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid

WORDS = {"in": ("0.2", "-0.1"), "Paris": ("0.6", "0.4"), "today": ("-0.3", "0.5"), "table": ("-0.2", "0.7")}
RIGHT, WRONG = ("in", "Paris", "today"), ("in", "table", "today")
HIDDEN, INPUTS = (1, 2), range(1, 7)


def window(p, words):
    x = [p[f"{word}[{k}]"] for word in words for k in (1, 2)]
    h = {j: mp.tanh(sum(p[f"W[{j},{k}]"] * x[k - 1] for k in INPUTS) + p[f"b[{j}]"]) for j in HIDDEN}
    return x, h, sum(p[f"u[{j}]"] * h[j] for j in HIDDEN)


def loss(p):
    return max(mpf(0), 1 - window(p, RIGHT)[2] + window(p, WRONG)[2])


def gradient_of(p):
    gradient = {name: mpf(0) for name in p}
    if loss(p) == 0:
        return gradient
    for words, sign in ((RIGHT, -1), (WRONG, 1)):
        x, h, _ = window(p, words)
        for j in HIDDEN:
            gradient[f"u[{j}]"] += sign * h[j]
            by_net = sign * p[f"u[{j}]"] * (1 - h[j] ** 2)
            gradient[f"b[{j}]"] += by_net
            for k in INPUTS:
                gradient[f"W[{j},{k}]"] += by_net * x[k - 1]
                gradient[f"{words[(k - 1) // 2]}[{2 - k % 2}]"] += by_net * p[f"W[{j},{k}]"]
    return gradient


def windows():
    g = Golden("max_margin")
    p = {f"{word}[{k}]": mpf(v) for word, vector in WORDS.items() for k, v in enumerate(vector, start=1)}
    W = [numbers("0.3", "-0.2", "0.5", "0.1", "0.2", "-0.4"), numbers("-0.1", "0.4", "-0.3", "0.6", "0.1", "0.2")]
    p |= {f"W[{j},{k}]": W[j - 1][k - 1] for j in HIDDEN for k in INPUTS}
    p |= dict(zip(("b[1]", "b[2]", "u[1]", "u[2]"), numbers("0.1", "-0.1", "0.8", "-0.5")))
    for name, words in (("", RIGHT), ("c", WRONG)):
        _, h, s = window(p, words)
        g.rows({f"h{name}[{j}]": h[j] for j in HIDDEN} | {f"s{name}": s})
    g.row("J", loss(p))
    gradient = gradient_of(p)
    confirm(loss, p, gradient)
    g.derivatives("J", {"s": -1, "sc": 1} | gradient)
    g.updates(p, gradient, mpf("0.1"))
    for update in range(1, 6):
        slope = gradient_of(p)
        p = {name: value - mpf("0.1") * slope[name] for name, value in p.items()}
        g.rows({f"s#{update + 1}": window(p, RIGHT)[2], f"sc#{update + 1}": window(p, WRONG)[2], f"J#{update + 1}": loss(p)})
    return g


def exercise_1():
    g = Golden("max_margin.exercise_1")
    x, xc = numbers("1", "-0.5")
    p = dict(zip("wbu", numbers("0.4", "0.2", "0.7")))

    def forward(p):
        h, hc = mp.tanh(p["w"] * x + p["b"]), mp.tanh(p["w"] * xc + p["b"])
        return h, hc, max(mpf(0), 1 - p["u"] * h + p["u"] * hc)

    h, hc, J = forward(p)
    right, wrong = -p["u"] * (1 - h ** 2), p["u"] * (1 - hc ** 2)
    gradient = {"w": right * x + wrong * xc, "b": right + wrong, "u": hc - h}
    confirm(lambda p: forward(p)[2], p, gradient)
    g.rows({"h": h, "hc": hc, "J": J})
    g.derivatives("J", {"h": -p["u"], "hc": p["u"]} | gradient)
    g.updates(p, gradient, mpf("0.5"))
    return g


def exercise_2():
    g = Golden("max_margin.exercise_2")
    r, a, c, u = numbers("1", "0.5"), numbers("0.4", "0.2"), numbers("-1", "-0.6"), numbers("0.6", "0.8")
    s, s1, s2 = (sum(x * y for x, y in zip(u, v)) for v in (r, a, c))
    assert 1 - s + s1 > 0 > 1 - s + s2
    g.rows({"s": s, "s1": s1, "s2": s2, "J": 1 - s + s1})
    g.derivatives("J", {"s": -1, "s1": 1, "s2": 0} | {f"r[{k}]": -u[k - 1] for k in (1, 2)}
                  | {f"a[{k}]": u[k - 1] for k in (1, 2)} | {f"c[{k}]": 0 for k in (1, 2)}
                  | {f"u[{k}]": a[k - 1] - r[k - 1] for k in (1, 2)})
    return g


def exercise_3():
    g = Golden("max_margin.exercise_3")
    p = dict(zip(("n", "r", "a", "w[1]", "w[2]", "u"), numbers("0.5", "0.8", "-0.4", "0.6", "0.9", "1.2")))

    def forward(p):
        h, hc = (sigmoid(p["w[1]"] * p["n"] + p["w[2]"] * p[one]) for one in "ra")
        return h, hc, max(mpf(0), 1 - p["u"] * h + p["u"] * hc)

    h, hc, J = forward(p)
    right, wrong = -p["u"] * h * (1 - h), p["u"] * hc * (1 - hc)
    gradient = {"n": (right + wrong) * p["w[1]"], "r": right * p["w[2]"], "a": wrong * p["w[2]"],
                "w[1]": (right + wrong) * p["n"], "w[2]": right * p["r"] + wrong * p["a"], "u": hc - h}
    confirm(lambda p: forward(p)[2], p, gradient)
    g.rows({"h": h, "hc": hc, "J": J})
    g.derivatives("J", gradient)
    g.updates(p, gradient, mpf("0.5"))
    return g


def tables():
    return [windows(), exercise_1(), exercise_2(), exercise_3()]
