"""A linear classifier s = W x + b with two losses, and one update of each.

    cross-entropy: L = -ln p_2, dL/ds_k = p_k - [k = 2]
    hinge: L = sum of max(0, s_k - s_2 + 1), dL/ds_k = 1 where positive, dL/ds_2 = -(how many are)
    dL/dW_ki = dL/ds_k x_i, dL/db_k = dL/ds_k; so an update moves s_k by -rate dL/ds_k (x.x + 1)
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers

SOURCE = "CS231n notes, cs231n.github.io/linear-classify"
X = numbers("-15", "22", "-44", "56")
W = [numbers("0.01", "-0.05", "0.1", "0.05"), numbers("0.7", "0.2", "0.05", "0.16"),
     numbers("0.0", "-0.45", "-0.2", "0.03")]
B = numbers("0.0", "0.2", "-0.3")
RATE = mpf("0.0001")
PARAMS = {f"W[{k},{i + 1}]": W[k][i] for k in range(3) for i in range(4)} | {f"b[{k}]": B[k] for k in range(3)}


def scores(params):
    return [sum(params[f"W[{k},{i + 1}]"] * X[i] for i in range(4)) + params[f"b[{k}]"] for k in range(3)]


def cross_entropy(s):
    return mp.log(sum(mp.exp(x) for x in s)) - s[2]


def margins(s, own=2):
    return {k: max(mpf(0), s[k] - s[own] + 1) for k in range(3) if k != own}


def hinge(s, own=2):
    return sum(margins(s, own).values())


def by_softmax(s):
    total = sum(mp.exp(x) for x in s)
    return [mp.exp(x) / total - (k == 2) for k, x in enumerate(s)]


def by_hinge(s, own=2):
    near = {k: mpf(m > 0) for k, m in margins(s, own).items()}
    return [near.get(k, -sum(near.values())) for k in range(3)]


def back(g, loss, slope):
    s = scores(PARAMS)
    ds = slope(s)
    gradient = {f"W[{k},{i + 1}]": ds[k] * X[i] for k in range(3) for i in range(4)}
    gradient |= {f"b[{k}]": ds[k] for k in range(3)}
    confirm(lambda v: loss(scores(v)), PARAMS, gradient)
    g.derivatives("L", {f"s[{k}]": ds[k] for k in range(3)} | gradient)
    reach = sum(x * x for x in X) + 1
    for update in (2, 3):
        s = [x - RATE * d * reach for x, d in zip(s, slope(s))]
        g.rows({f"s[{k}]#{update}": s[k] for k in range(3)})
        g.row(f"L#{update}", loss(s))


def softmax_table():
    g = Golden("hinge_or_softmax", SOURCE)
    s = scores(PARAMS)
    e = [mp.exp(x) for x in s]
    p = [x / sum(e) for x in e]
    for name, values in (("s", s), ("e", e), ("p", p)):
        g.rows({f"{name}[{k}]": value for k, value in enumerate(values)})
    g.rows({"S": sum(e), "L": cross_entropy(s)})
    back(g, cross_entropy, by_softmax)
    g.printed({"s[0]": "-2.85", "s[1]": "0.86", "s[2]": "0.28", "e[0]": "0.058", "e[1]": "2.36", "e[2]": "1.32",
               "p[1]": "0.631", "p[2]": "0.353", "L": "1.04"})
    g.misprinted("p[0]", "0.016", "the rounded 0.058 was divided; the exact value rounds to 0.015")
    return g


def hinge_table():
    g = Golden("hinge_or_softmax.hinge", SOURCE)
    s = scores(PARAMS)
    g.rows({f"margin[{k}]": m for k, m in margins(s).items()})
    g.row("L", hinge(s))
    back(g, hinge, by_hinge)
    g.printed({"L": "1.58"})
    return g


def sure():
    g = Golden("hinge_or_softmax.sure")
    for r, z in enumerate((numbers("10", "-100", "-100"), numbers("10", "9", "9"), numbers("10", "-2", "3")), 1):
        g.row(f"hinge[{r}]", hinge(z, 0))
        if r > 1:    # the first is e^-110, which a double loses beside 1
            g.row(f"soft[{r}]", mp.log(sum(mp.exp(x) for x in z)) - z[0])
    return g


def two_broken():
    g = Golden("hinge_or_softmax.two_broken")
    s = numbers("2.2", "2.5", "-3.1")
    g.rows({f"margin[{k}]": m for k, m in margins(s).items()})
    g.row("L", hinge(s))
    g.derivatives("L", {f"s[{k}]": d for k, d in enumerate(by_hinge(s))})
    return g


def exercises():
    start, behind, wide = (Golden(f"hinge_or_softmax.exercise_{i}") for i in (1, 2, 3))
    start.rows({"hinge": 2, "soft": mp.log(3)})
    start.derivatives("hinge", {"s[0]": 1, "s[1]": 1, "s[2]": -2})
    start.derivatives("soft", {f"s[{k}]": mpf(1) / 3 - (k == 2) for k in range(3)})
    start.derivatives("both", {f"s[{k}]": mpf(1) / 3 + (1 if k < 2 else -3) for k in range(3)})
    s = numbers("3.2", "5.1", "-1.7")
    e = [mp.exp(x) for x in s]
    behind.rows({"hinge": hinge(s, 0), "soft": mp.log(sum(e)) - s[0]})
    behind.derivatives("hinge", {f"s[{k}]": d for k, d in enumerate(by_hinge(s, 0))})
    behind.derivatives("soft", {f"s[{k}]": x / sum(e) - (k == 0) for k, x in enumerate(e)})
    behind.derivatives("both", {f"s[{k}]": behind[f"dhinge/ds[{k}]"] + behind[f"dsoft/ds[{k}]"] for k in range(3)})
    wide.rows({"margin[1]": 0, "margin[2]": 8, "L": 8, "dL/ds[0]": -1, "dL/ds[1]": 0, "dL/ds[2]": 1})
    return [start, behind, wide]


def rounded():
    g = Golden("hinge_or_softmax.rounded", SOURCE)
    e = numbers("0.058", "2.36", "1.32")
    g.rows({"S": sum(e), "p0": e[0] / sum(e)})
    g.printed({"p0": "0.016"})
    return g


def halved():
    g = Golden("hinge_or_softmax.halved", SOURCE)
    for r, z in enumerate((numbers("1", "-2", "0"), numbers("0.5", "-1", "0")), 1):
        e = [mp.exp(x) for x in z]
        g.rows({f"S[{r}]": sum(e)} | {f"p[{r},{k}]": x / sum(e) for k, x in enumerate(e)})
    g.printed({"p[1,0]": "0.7", "p[1,1]": "0.04", "p[1,2]": "0.26", "p[2,0]": "0.55", "p[2,1]": "0.12", "p[2,2]": "0.33"})
    return g


def tables():
    return [softmax_table(), hinge_table(), sure(), two_broken(), *exercises(),
            rounded(),
            halved()]
