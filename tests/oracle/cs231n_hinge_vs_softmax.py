"""A linear classifier s = W x + b with two losses, and other numbers of the same page.

    hinge = sum over wrong k of max(0, s_k - s_y + 1)
        dhinge/ds_k = 1 where the margin is positive, dhinge/ds_y = -(how many are)
    cross_entropy = -ln p_y,  p = softmax(s)
        dL/ds_k = p_k - 1 for k = y, else p_k
    and for both dL/dW_ki = dL/ds_k x_i,  dL/db_k = dL/ds_k
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers

SOURCE = "CS231n notes, cs231n.github.io/linear-classify"
X = numbers("-15", "22", "-44", "56")
W = [numbers("0.01", "-0.05", "0.1", "0.05"),
     numbers("0.7", "0.2", "0.05", "0.16"),
     numbers("0.0", "-0.45", "-0.2", "0.03")]
B = numbers("0.0", "0.2", "-0.3")
Y = 2
CLASSES = range(3)


def scores(params):
    return [sum(params[f"W[{k},{i}]"] * X[i - 1] for i in range(1, 5)) + params[f"b[{k}]"]
            for k in CLASSES]


def hinge(s):
    return sum(max(mpf(0), s[k] - s[Y] + 1) for k in CLASSES if k != Y)


def cross_entropy(s):
    return mp.log(sum(mp.exp(x) for x in s)) - s[Y]


def by_params(ds):
    weights = {f"W[{k},{i}]": ds[k] * X[i - 1] for k in CLASSES for i in range(1, 5)}
    return weights | {f"b[{k}]": ds[k] for k in CLASSES}


def classifier(g):
    params = {f"W[{k},{i}]": W[k][i - 1] for k in CLASSES for i in range(1, 5)}
    params |= {f"b[{k}]": B[k] for k in CLASSES}
    s = scores(params)
    g.rows({f"s[{k}]": s[k] for k in CLASSES})

    margin = [max(mpf(0), s[k] - s[Y] + 1) for k in (0, 1)]
    g.rows({f"margin[{k}]": margin[k] for k in (0, 1)})
    g.row("hinge", hinge(s))
    active = [mpf(m > 0) for m in margin]
    ds = [*active, -sum(active)]
    grad = by_params(ds)
    confirm(lambda p: hinge(scores(p)), params, grad)
    g.derivatives("hinge", {"margin[0]": 1, "margin[1]": 1,
                            **{f"s[{k}]": ds[k] for k in CLASSES}, **grad})

    e = [mp.exp(x) for x in s]
    total = sum(e)
    p = [x / total for x in e]
    g.rows({f"e[{k}]": e[k] for k in CLASSES})
    g.row("S", total)
    g.rows({f"p[{k}]": p[k] for k in CLASSES})
    g.row("cross_entropy", -mp.log(p[Y]))
    ds = [p[k] - (k == Y) for k in CLASSES]
    grad = by_params(ds)
    confirm(lambda q: cross_entropy(scores(q)), params, grad)
    g.derivatives("cross_entropy", {
        f"p[{Y}]": -1 / p[Y], "S": 1 / total,
        **{f"e[{k}]": 1 / total - (k == Y) / e[Y] for k in CLASSES},
        **{f"s[{k}]": ds[k] for k in CLASSES}, **grad,
    })


def other_numbers(g):
    for row, z in enumerate((numbers("1", "-2", "0"), numbers("0.5", "-1", "0"),
                             numbers("12.5", "0.6", "-23.0")), start=1):
        e = [mp.exp(x) for x in z]
        g.rows({f"soft_e[{row},{k}]": e[k] for k in CLASSES})
        g.row(f"soft_S[{row}]", sum(e))
        g.rows({f"soft_p[{row},{k}]": e[k] / sum(e) for k in CLASSES})

    s = numbers("13", "-7", "11")
    margin = {k: max(mpf(0), s[k] - s[0] + 10) for k in (1, 2)}
    g.rows({f"far_margin[{k}]": margin[k] for k in (1, 2)})
    g.row("far_L", sum(margin.values()))
    g.row("l2_penalty1", mpf(1) ** 2)
    g.row("l2_penalty2", 4 * mpf("0.25") ** 2)


def golden():
    g = Golden("cs231n_hinge_vs_softmax", SOURCE)
    classifier(g)
    other_numbers(g)

    g.printed({
        "s[0]": "-2.85", "s[1]": "0.86", "s[2]": "0.28", "hinge": "1.58",
        "e[0]": "0.058", "e[1]": "2.36", "e[2]": "1.32", "p[1]": "0.631", "p[2]": "0.353",
        "cross_entropy": "1.04",
        "soft_e[1,1]": "0.14", "soft_e[1,2]": "1",
        "soft_p[1,0]": "0.7", "soft_p[1,1]": "0.04", "soft_p[1,2]": "0.26",
        "soft_e[2,0]": "1.65", "soft_e[2,1]": "0.37", "soft_e[2,2]": "1",
        "soft_p[2,0]": "0.55", "soft_p[2,1]": "0.12", "soft_p[2,2]": "0.33",
        "far_margin[1]": "0", "far_L": "8", "l2_penalty1": "1.0", "l2_penalty2": "0.25",
    })
    g.misprinted("p[0]", "0.016", "the rounded 0.058 was divided; the exact value rounds to 0.015")
    g.misprinted("soft_e[1,0]", "2.71", "cut off, not rounded")
    for k, printed in enumerate(("0.9", "0.09", "0.01")):
        g.misprinted(f"soft_p[3,{k}]", printed, "an illustration, not the softmax of these scores")
    assert (g.right, g.wrong) == (25, 5)
    return g


def tables():
    return [golden()]
