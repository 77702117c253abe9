"""The worked graphs of Karpathy's first lecture: a product, a tanh neuron in two forms, and more.

    tanh:        o = tanh n,  do/dn = 1 - o^2
    taken apart: e = e^(2n),  o = (e - 1) (e + 1)^-1
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, number, numbers

SOURCE = "Karpathy, Zero to Hero, lecture 1, github.com/karpathy/nn-zero-to-hero"
BIAS = number("6.8813735870195432")
TORCH_BIAS = number("6.881373405456543")    # BIAS rounded to a 32-bit float
NUDGE = number("0.01")


def expression(g):
    a, b, c, f = numbers("2", "-3", "10", "-2")
    e = g.row("expr_e", a * b)
    d = g.row("expr_d", e + c)
    loss = g.row("expr_L", d * f)
    return "expr_L", loss, {"expr_d": f, "expr_e": f, "expr_a": f * b, "expr_b": f * a,
                            "expr_c": f, "expr_f": d}


def nudged(g, by):
    """The leaves moved uphill by 0.01 of their gradients, and what L is then."""
    leaves = dict(zip("abcf", numbers("2", "-3", "10", "-2")))
    new = {k: v + NUDGE * by[f"expr_{k}"] for k, v in leaves.items()}
    for k, v in new.items():
        g.row(f"expr_{k}+", v)
    e = g.row("expr_e#2", new["a"] * new["b"])
    d = g.row("expr_d#2", e + new["c"])
    g.row("expr_L#2", d * new["f"])


def inputs():
    return numbers("2", "0", "-3", "1")


def neuron(g):
    x1, x2, w1, w2 = inputs()
    g.row("neuron_x1w1", x1 * w1)
    g.row("neuron_x2w2", x2 * w2)
    g.row("neuron_sum", x1 * w1 + x2 * w2)
    n = g.row("neuron_n", x1 * w1 + x2 * w2 + BIAS)
    o = g.row("neuron_o", mp.tanh(n))
    dn = 1 - o ** 2
    return "neuron_o", o, {
        "neuron_n": dn, "neuron_b": dn, "neuron_sum": dn, "neuron_x1w1": dn, "neuron_x2w2": dn,
        "neuron_x1": dn * w1, "neuron_w1": dn * x1, "neuron_x2": dn * w2, "neuron_w2": dn * x2,
    }


def taken_apart(g):
    x1, x2, w1, w2 = inputs()
    two, minus_one, one = numbers("2", "-1", "1")
    g.row("taken_x1w1", x1 * w1)
    g.row("taken_x2w2", x2 * w2)
    g.row("taken_sum", x1 * w1 + x2 * w2)
    n = g.row("taken_n", x1 * w1 + x2 * w2 + BIAS)
    g.row("taken_2n", two * n)
    e = g.row("taken_e", mp.exp(two * n))
    num = g.row("taken_num", e + minus_one)
    den = g.row("taken_den", e + one)
    inv = g.row("taken_inv", 1 / den)
    o = g.row("taken_o", num * inv)

    dnum = inv
    dinv = num
    dden = -dinv / den ** 2
    de = dnum + dden
    d2n = de * e
    dn = d2n * two
    derivatives = {
        "taken_num": dnum, "taken_inv": dinv, "taken_den": dden, "taken_e": de, "taken_2n": d2n,
        "taken_n": dn, "taken_b": dn, "taken_sum": dn, "taken_x1w1": dn, "taken_x2w2": dn,
        "taken_x1": dn * w1, "taken_w1": dn * x1, "taken_x2": dn * w2, "taken_w2": dn * x2,
        "taken_two": d2n * n, "taken_minus_one": dnum, "taken_one": dden,
    }

    def whole(v):
        e = mp.exp(v["taken_two"] * (x1 * v["taken_w1"] + x2 * w2 + v["taken_b"]))
        return (e + v["taken_minus_one"]) / (e + v["taken_one"])

    params = {"taken_two": two, "taken_minus_one": minus_one, "taken_one": one,
              "taken_w1": w1, "taken_b": BIAS}
    confirm(whole, params, {name: derivatives[name] for name in params})
    assert abs(dn - (1 - o ** 2)) < mpf(10) ** -45    # the two forms agree
    return "taken_o", o, derivatives


def torch(g):
    x1, x2, w1, w2 = inputs()
    n = g.row("torch_n", x1 * w1 + x2 * w2 + TORCH_BIAS)
    o = g.row("torch_o", mp.tanh(n))
    dn = 1 - o ** 2
    return "torch_o", o, {"torch_n": dn, "torch_b": dn, "torch_x1": dn * w1, "torch_w1": dn * x1,
                          "torch_x2": dn * w2, "torch_w2": dn * x2}


def shared(g):
    a, b = numbers("-2", "3")
    d = g.row("shared_d", a * b)
    e = g.row("shared_e", a + b)
    f = g.row("shared_f", d * e)
    return "shared_f", f, {"shared_d": e, "shared_e": d,
                           "shared_a": e * b + d, "shared_b": e * a + d}


def twice(g):
    b = g.row("twice_b", mpf(3) + 3)
    return "twice_b", b, {"twice_a": 2}


def parabola(g):
    x = mpf(3)
    f = g.row("parabola_f", 3 * x ** 2 - 4 * x + 5)
    # ((3 (x+h)^2 - 4 (x+h) + 5) - (3 x^2 - 4 x + 5))/h = 6 x - 4 + 3 h, and x = 2/3
    g.row("parabola_quotient", 3 * mpf("1e-6"))
    return "parabola_f", f, {"parabola_x": 6 * x - 4}


def golden():
    g = Golden("karpathy_lecture_micrograd", SOURCE)
    total = 0
    of_total = {}
    for graph in (expression, neuron, taken_apart, torch, shared, twice, parabola):
        name, value, derivatives = graph(g)
        g.derivatives(name, derivatives)
        total += value
        of_total |= {name: 1, **derivatives}
    g.row("total", total)
    g.derivatives("total", of_total)
    nudged(g, of_total)

    g.printed({
        "expr_e": "-6.0000", "expr_d": "4.0000", "expr_L": "-8.0000",
        "dexpr_L/dexpr_a": "6.0000", "dexpr_L/dexpr_b": "-4.0000", "dexpr_L/dexpr_c": "-2.0000",
        "dexpr_L/dexpr_f": "4.0000", "dexpr_L/dexpr_d": "-2.0000", "dexpr_L/dexpr_e": "-2.0000",
        "expr_L#2": "-7.286496",
        "neuron_n": "0.8813735870195432", "neuron_o": "0.7071",
        "dneuron_o/dneuron_x1": "-1.5000", "dneuron_o/dneuron_w1": "1.0000",
        "dneuron_o/dneuron_x2": "0.5000", "dneuron_o/dneuron_w2": "0.0000",
        "dneuron_o/dneuron_b": "0.5000", "dneuron_o/dneuron_x1w1": "0.5000",
        "dneuron_o/dneuron_x2w2": "0.5000", "dneuron_o/dneuron_sum": "0.5000",
        "dneuron_o/dneuron_n": "0.5000",
        "taken_2n": "1.7627", "dtaken_o/dtaken_2n": "0.2500",
        "taken_e": "5.8284", "dtaken_o/dtaken_e": "0.0429",
        "taken_num": "4.8284", "dtaken_o/dtaken_num": "0.1464",
        "taken_den": "6.8284", "dtaken_o/dtaken_den": "-0.1036",
        "taken_inv": "0.1464", "dtaken_o/dtaken_inv": "4.8284",
        "taken_o": "0.7071", "dtaken_o/dtaken_n": "0.5000",
        "dtaken_o/dtaken_two": "0.2203", "dtaken_o/dtaken_one": "-0.1036",
        "dtaken_o/dtaken_minus_one": "0.1464",
        "shared_f": "-6.0000", "dshared_f/dshared_a": "-3.0000", "dshared_f/dshared_b": "-8.0000",
        "dshared_f/dshared_d": "1.0000", "dshared_f/dshared_e": "-6.0000",
        "twice_b": "6.0000", "dtwice_b/dtwice_a": "2.0000", "parabola_f": "20.0",
    })
    g.printed_in_double({"neuron_o": "0.7071067811865476"})
    g.printed_in_double({"dneuron_o/dneuron_n": "0.4999999999999999"}, note="as 1 - o^2")
    g.printed_in_double({
        "torch_o": "0.7071066904050358", "dtorch_o/dtorch_x2": "0.5000001283844369",
        "dtorch_o/dtorch_w2": "0.0", "dtorch_o/dtorch_x1": "-1.5000003851533106",
        "dtorch_o/dtorch_w1": "1.0000002567688737",
    })
    g.misprinted("parabola_quotient", "2.999378523327323e-06",
                 "a difference quotient taken in double precision: mostly cancellation")
    assert (g.right, g.wrong) == (51, 1)
    return g


def tables():
    return [golden()]
