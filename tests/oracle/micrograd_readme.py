"""The expression of micrograd's README, and the sanity check of its test.

With a = -4 and b = 2 the rectifiers see b + a = -2 (closed, slope 0) and b - a = 6 (open, slope
1), so that below
    d_2 = 3 d_1,  d = 4 d_2 + (b - a),  c = 2 c_2 + 1 - a,  c_2 = 2 c_1 + 1,  c_1 = a + b
and everything is a rational number.
"""

from oracle import Golden, confirm, mpf, numbers

SOURCE = "micrograd README and test/test_engine.py, github.com/karpathy/micrograd"


def relu(x):
    return x if x > 0 else mpf(0)


def whole(v):
    a, b = v["a"], v["b"]
    c_2 = 2 * (a + b) + 1
    c = 2 * c_2 + 1 - a
    d_2 = 3 * (a * b + b ** 3) + relu(b + a)
    d = 4 * d_2 + relu(b - a)
    f = (c - d) ** 2
    return f / 2 + 10 / f


def expression(g):
    a, b = numbers("-4.0", "2.0")
    c_1 = g.row("c_1", a + b)
    d_1 = g.row("d_1", a * b + b ** 3)
    c_2 = g.row("c_2", 2 * c_1 + 1)
    c = g.row("c", 2 * c_2 + 1 - a)
    d_2 = g.row("d_2", 3 * d_1)
    d = g.row("d", 4 * d_2 + (b - a))
    e = g.row("e", c - d)
    f = g.row("f", e ** 2)
    g_1 = g.row("g_1", f / 2)
    result = g.row("g", g_1 + 10 / f)
    assert mpf(2421) / 98 == result

    df = mpf(1) / 2 - 10 / f ** 2
    de = df * 2 * e
    dc = de
    dd = -de
    dc_2 = 2 * dc
    dc_1 = 2 * dc_2
    dd_2 = 4 * dd
    dd_1 = 3 * dd_2
    da = dc_1 - dc + dd_1 * b - dd    # through c_1, -a, a*b and relu(b - a)
    db = dc_1 + dd_1 * (a + 3 * b ** 2) + dd
    confirm(whole, {"a": a, "b": b}, {"a": da, "b": db})
    g.derivatives("g", {
        "g_1": 1, "f": df, "e": de, "d": dd, "c": dc, "d_2": dd_2, "d_1": dd_1,
        "c_2": dc_2, "c_1": dc_1, "a": da, "b": db,
    })


def sanity(g):
    x = mpf("-4.0")
    z = g.row("sanity_z", 2 * x + 2 + x)
    assert z < 0    # relu(z) is closed
    q = g.row("sanity_q", z * x)
    h = g.row("sanity_h", z * z)
    g.row("sanity_y", h + q + q * x)

    dz = 1 * 2 * z + (1 + x) * x    # through h and q
    g.derivatives("sanity_y", {"sanity_h": 1, "sanity_q": 1 + x, "sanity_z": dz,
                               "sanity_x": dz * 3 + (1 + x) * z + q})


def golden():
    g = Golden("micrograd_readme", SOURCE)
    expression(g)
    sanity(g)
    g.printed({"g": "24.7041", "dg/da": "138.8338", "dg/db": "645.5773"})
    g.printed_in_double({"g": "24.70408163265306", "dg/da": "138.83381924198252",
                         "dg/db": "645.5772594752186"})
    g.printed({"dg/dc": "-6.9417", "dg/dd": "6.9417", "dg/de": "-6.9417", "dg/df": "0.4958"})
    g.printed({"sanity_y": "-20", "dsanity_y/dsanity_x": "46"})
    assert (g.right, g.wrong) == (12, 0)
    return g


def tables():
    return [golden()]
