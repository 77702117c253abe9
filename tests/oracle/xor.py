"""Exclusive or, 2-2-1: h_j = tanh(w x + b), p = sigmoid(v h + b3), L = -(y ln p + (1 - y) ln(1 - p)), mean of four.

dL/dnet3 = (p - y)/4, by net_j that times v_j (1 - h_j^2), by a weight that times what it multiplies, all summed up.
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid

ROWS = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
NAMES = ("w1", "w2", "w3", "w4", "v1", "v2", "b1", "b2", "b3")


def forward(p, x1, x2):
    h1 = mp.tanh(p["w1"] * x1 + p["w2"] * x2 + p["b1"])
    h2 = mp.tanh(p["w3"] * x1 + p["w4"] * x2 + p["b2"])
    return h1, h2, sigmoid(p["v1"] * h1 + p["v2"] * h2 + p["b3"])


def one_loss(out, y):
    return -mp.log(out if y else 1 - out)


def loss(p):
    return sum(one_loss(forward(p, x1, x2)[2], y) for x1, x2, y in ROWS) / 4


def gradient_of(p):
    gradient = {name: mpf(0) for name in NAMES}
    for x1, x2, y in ROWS:
        h1, h2, out = forward(p, x1, x2)
        by_net3 = (out - y) / 4
        by_net1, by_net2 = by_net3 * p["v1"] * (1 - h1 ** 2), by_net3 * p["v2"] * (1 - h2 ** 2)
        for name, d in zip(NAMES, (by_net1 * x1, by_net1 * x2, by_net2 * x1, by_net2 * x2, by_net3 * h1, by_net3 * h2,
                                   by_net1, by_net2, by_net3)):
            gradient[name] += d
    return gradient


def tables():
    g = Golden("xor")
    p = dict(zip(NAMES, numbers("0.5", "-0.6", "0.7", "0.8", "0.9", "-0.8", "0.1", "-0.1", "0.05")))
    for k, (x1, x2, y) in enumerate(ROWS, start=1):
        h1, h2, out = forward(p, x1, x2)
        if k < 4:    # 0.5 - 0.6 + 0.1 is in a double a rounding of 0
            g.row(f"h1@{k}", h1)
        g.rows({f"h2@{k}": h2, f"p@{k}": out, f"L@{k}": one_loss(out, y)})
    g.row("L", loss(p))
    gradient = gradient_of(p)
    confirm(loss, p, gradient)
    g.derivatives("L", gradient)
    g.row("L#2", loss(g.updates(p, gradient, mpf("0.5"))))
    return [g]
