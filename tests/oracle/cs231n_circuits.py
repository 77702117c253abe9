"""Four circuits of the CS231n notes on backpropagation, gate by gate.

The neuron's sigmoid is taken apart, so its chain is
    f = 1/q,  q = p + 1,  p = e^m,  m = -dot
    df/dq = -1/q^2,  df/dp = df/dq,  df/dm = df/dp p,  df/ddot = -df/dm
"""

from mpmath import mp

from oracle import Golden, confirm, numbers

SOURCE = "CS231n notes, cs231n.github.io/optimization-2"


def mul(g):
    x, y = numbers("4", "-3")
    f = g.row("mul_f", x * y)
    return f, {"mul_x": y, "mul_y": x}


def addmul(g):
    x, y, z = numbers("-2", "5", "-4")
    q = g.row("addmul_q", x + y)
    f = g.row("addmul_f", q * z)
    return f, {"addmul_q": z, "addmul_x": z, "addmul_y": z, "addmul_z": q}


def neuron(g):
    w0, w1, w2, x0, x1 = numbers("2", "-3", "-3", "-1", "-2")
    g.row("neuron_w0x0", w0 * x0)
    g.row("neuron_w1x1", w1 * x1)
    g.row("neuron_sum", w0 * x0 + w1 * x1)
    dot = g.row("neuron_dot", w0 * x0 + w1 * x1 + w2)
    m = g.row("neuron_neg", -dot)
    p = g.row("neuron_exp", mp.exp(m))
    q = g.row("neuron_inc", p + 1)
    f = g.row("neuron_f", 1 / q)

    dq = -1 / q ** 2
    dm = dq * p
    ddot = -dm
    derivatives = {
        "neuron_inc": dq, "neuron_exp": dq, "neuron_neg": dm, "neuron_dot": ddot,
        "neuron_sum": ddot, "neuron_w0x0": ddot, "neuron_w1x1": ddot,
        "neuron_w0": ddot * x0, "neuron_w1": ddot * x1, "neuron_w2": ddot,
        "neuron_x0": ddot * w0, "neuron_x1": ddot * w1,
    }
    params = {"neuron_w0": w0, "neuron_w1": w1, "neuron_w2": w2, "neuron_x0": x0, "neuron_x1": x1}

    def whole(v):
        z = v["neuron_w0"] * v["neuron_x0"] + v["neuron_w1"] * v["neuron_x1"] + v["neuron_w2"]
        return 1 / (1 + mp.exp(-z))

    confirm(whole, params, {name: derivatives[name] for name in params})
    return f, derivatives


def maxgate(g):
    x, y, z, w = numbers("3", "-4", "2", "-1")
    assert z > w    # so all of the maximum's derivative goes to z
    g.row("maxgate_xy", x * y)
    g.row("maxgate_max", z)
    g.row("maxgate_sum", x * y + z)
    f = g.row("maxgate_f", 2 * (x * y + z))
    return f, {
        "maxgate_sum": 2, "maxgate_xy": 2, "maxgate_max": 2,
        "maxgate_x": 2 * y, "maxgate_y": 2 * x, "maxgate_z": 2, "maxgate_w": 0,
    }


def golden():
    g = Golden("cs231n_circuits", SOURCE)
    total = 0
    of_total = {}
    for circuit in (mul, addmul, neuron, maxgate):
        name = f"{circuit.__name__}_f"
        f, derivatives = circuit(g)
        g.derivatives(name, derivatives)
        total += f
        of_total |= {name: 1, **derivatives}
    g.row("circuits", total)
    g.derivatives("circuits", of_total)

    g.printed({
        "mul_f": "-12", "dmul_f/dmul_x": "-3", "dmul_f/dmul_y": "4",
        "addmul_q": "3", "addmul_f": "-12", "daddmul_f/daddmul_z": "3",
        "daddmul_f/daddmul_q": "-4", "daddmul_f/daddmul_x": "-4", "daddmul_f/daddmul_y": "-4",
        "neuron_w0x0": "-2.00", "neuron_w1x1": "6.00", "neuron_sum": "4.00", "neuron_dot": "1.00",
        "neuron_neg": "-1.00", "neuron_exp": "0.37", "neuron_inc": "1.37", "neuron_f": "0.73",
        "dneuron_f/dneuron_w0": "-0.20", "dneuron_f/dneuron_x0": "0.39",
        "dneuron_f/dneuron_w1": "-0.39", "dneuron_f/dneuron_x1": "-0.59",
        "dneuron_f/dneuron_w2": "0.20", "dneuron_f/dneuron_w0x0": "0.20",
        "dneuron_f/dneuron_w1x1": "0.20", "dneuron_f/dneuron_sum": "0.20",
        "dneuron_f/dneuron_dot": "0.20", "dneuron_f/dneuron_neg": "-0.20",
        "dneuron_f/dneuron_exp": "-0.53", "dneuron_f/dneuron_inc": "-0.53",
        "maxgate_xy": "-12.00", "maxgate_max": "2.00", "maxgate_sum": "-10.00",
        "maxgate_f": "-20.00", "dmaxgate_f/dmaxgate_x": "-8.00", "dmaxgate_f/dmaxgate_y": "6.00",
        "dmaxgate_f/dmaxgate_z": "2.00", "dmaxgate_f/dmaxgate_w": "0.00",
        "dmaxgate_f/dmaxgate_xy": "2.00", "dmaxgate_f/dmaxgate_max": "2.00",
        "dmaxgate_f/dmaxgate_sum": "2.00",
    })
    assert (g.right, g.wrong) == (40, 0)
    return g


def tables():
    return [golden()]
