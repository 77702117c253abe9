"""Matt Mazur's 2-2-2 network: two sigmoid layers, half the squared error, weights trained.

    net = W in + b,  out = sigmoid(net),  E = 1/2 (t_1 - out_1)^2 + 1/2 (t_2 - out_2)^2

    delta_o = -(t_o - out_o) out_o (1 - out_o)                      dE/dnet_o
    delta_h = (sum over o of delta_o w_oh) out_h (1 - out_h)        dE/dnet_h
    dE/dw   = delta of the unit that w leads to, times the value that w multiplies
"""

from mpmath import mp

from oracle import Golden, confirm, number, numbers, rounds_to, sigmoid

SOURCE = "Mazur 2015, mattmazur.com"
OTHERS = "readers recomputing the post"

I1, I2 = numbers("0.05", "0.10")
T1, T2 = numbers("0.01", "0.99")
B1, B2 = numbers("0.35", "0.60")
RATE = number("0.5")
NAMES = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"]
WEIGHTS = dict(zip(NAMES, numbers("0.15", "0.20", "0.25", "0.30", "0.40", "0.45", "0.50", "0.55")))


def forward(w):
    v = {}
    v["net_h1"] = w["w1"] * I1 + w["w2"] * I2 + B1
    v["out_h1"] = sigmoid(v["net_h1"])
    v["net_h2"] = w["w3"] * I1 + w["w4"] * I2 + B1
    v["out_h2"] = sigmoid(v["net_h2"])
    v["net_o1"] = w["w5"] * v["out_h1"] + w["w6"] * v["out_h2"] + B2
    v["out_o1"] = sigmoid(v["net_o1"])
    v["net_o2"] = w["w7"] * v["out_h1"] + w["w8"] * v["out_h2"] + B2
    v["out_o2"] = sigmoid(v["net_o2"])
    v["E_o1"] = (T1 - v["out_o1"]) ** 2 / 2
    v["E_o2"] = (T2 - v["out_o2"]) ** 2 / 2
    v["E_total"] = v["E_o1"] + v["E_o2"]
    return v


def slope(out):
    return out * (1 - out)


def output_deltas(v):
    return (-(T1 - v["out_o1"]) * slope(v["out_o1"]), -(T2 - v["out_o2"]) * slope(v["out_o2"]))


def hidden_deltas(v, w, d1, d2):
    """dE/dnet_h1 and dE/dnet_h2; w is where w5..w8 are taken from."""
    return ((d1 * w["w5"] + d2 * w["w7"]) * slope(v["out_h1"]),
            (d1 * w["w6"] + d2 * w["w8"]) * slope(v["out_h2"]))


def gradient(v, d1, d2, dh1, dh2):
    return {
        "w1": dh1 * I1, "w2": dh1 * I2, "w3": dh2 * I1, "w4": dh2 * I2,
        "w5": d1 * v["out_h1"], "w6": d1 * v["out_h2"],
        "w7": d2 * v["out_h1"], "w8": d2 * v["out_h2"],
    }


def update(w):
    """One step downhill, every gradient from the old weights."""
    v = forward(w)
    deltas = output_deltas(v)
    g = gradient(v, *deltas, *hidden_deltas(v, w, *deltas))
    return {name: w[name] - RATE * g[name] for name in NAMES}


def update_in_wrong_order(w):
    """The mistake behind some printed numbers: the hidden layer sees w5..w8 already updated."""
    v = forward(w)
    deltas = output_deltas(v)
    new = {**w}
    for name in NAMES[4:]:
        new[name] -= RATE * gradient(v, *deltas, 0, 0)[name]
    g = gradient(v, *deltas, *hidden_deltas(v, new, *deltas))
    for name in NAMES[:4]:
        new[name] -= RATE * g[name]
    return new


def first_step(g):
    """Every step, every derivative and every new weight of the first update."""
    w = WEIGHTS
    v = forward(w)
    g.rows(v)

    d1, d2 = output_deltas(v)
    dh1, dh2 = hidden_deltas(v, w, d1, d2)
    grad = gradient(v, d1, d2, dh1, dh2)
    confirm(lambda p: forward(p)["E_total"], w, grad)

    # Local derivatives, each the derivative of one line of the network
    for o, t in (("o1", T1), ("o2", T2)):
        g.row(f"dE_{o}/dout_{o}", -(t - v[f"out_{o}"]))
    for unit in ("h1", "h2", "o1", "o2"):
        g.row(f"dout_{unit}/dnet_{unit}", slope(v[f"out_{unit}"]))
    for unit, wa, wb, a, b in (("h1", "w1", "w2", I1, I2), ("h2", "w3", "w4", I1, I2),
                               ("o1", "w5", "w6", v["out_h1"], v["out_h2"]),
                               ("o2", "w7", "w8", v["out_h1"], v["out_h2"])):
        g.row(f"dnet_{unit}/d{wa}", a)
        g.row(f"dnet_{unit}/d{wb}", b)
    for o, wa, wb in (("o1", "w5", "w6"), ("o2", "w7", "w8")):
        g.row(f"dnet_{o}/dout_h1", w[wa])
        g.row(f"dnet_{o}/dout_h2", w[wb])

    # The paths of each output's error into the hidden layer
    for o, d, wa, wb in (("o1", d1, "w5", "w6"), ("o2", d2, "w7", "w8")):
        g.row(f"dE_{o}/dnet_{o}", d)
        g.row(f"dE_{o}/dout_h1", d * w[wa])
        g.row(f"dE_{o}/dout_h2", d * w[wb])

    g.derivatives("E_total", {
        "E_o1": 1, "E_o2": 1,
        "out_o1": -(T1 - v["out_o1"]), "net_o1": d1,
        "out_o2": -(T2 - v["out_o2"]), "net_o2": d2,
        "out_h1": d1 * w["w5"] + d2 * w["w7"], "net_h1": dh1,
        "out_h2": d1 * w["w6"] + d2 * w["w8"], "net_h2": dh2,
        **grad,
    })
    return g.updates(w, grad, RATE)


def later_steps(g, w):
    """The state of the network in later update steps; w are the weights of the second."""
    g.rows(forward(w), "#2")
    g.rows(w, "#2")
    v = forward(w)
    deltas = output_deltas(v)
    grad = gradient(v, *deltas, *hidden_deltas(v, w, *deltas))
    for name in NAMES:
        g.row(f"dE_total/d{name}#2", grad[name])
    for step in range(2, 10001):
        w = update(w)
        if step + 1 in (5, 10, 100, 1000, 10000):
            g.row(f"E_total#{step + 1}", forward(w)["E_total"])
    g.rows(forward(w), "#10001")
    g.rows(w, "#10001")


def assert_wrong_order_explains():
    """The printed numbers that come from the wrong order, and the one that fits neither."""
    w = update_in_wrong_order(WEIGHTS)
    assert rounds_to(forward(w)["E_total"], "0.291027924")
    for _ in range(9999):
        w = update_in_wrong_order(w)
    v = forward(w)
    assert rounds_to(v["out_o1"], "0.015912196")
    assert rounds_to(v["out_o2"], "0.984065734")
    assert rounds_to(v["E_total"], "0.0000350848")


def golden():
    g = Golden("mazur", SOURCE)
    second = first_step(g)
    with mp.workdps(40):    # ten thousand steps lose less than four digits of these
        later_steps(g, second)
        assert_wrong_order_explains()

    g.printed({
        "net_h1": "0.3775", "out_h1": "0.593269992", "out_h2": "0.596884378",
        "net_o1": "1.105905967", "out_o1": "0.75136507", "out_o2": "0.772928465",
        "E_o1": "0.274811083", "E_o2": "0.023560026", "E_total": "0.298371109",
        "dE_total/dout_o1": "0.74136507", "dout_o1/dnet_o1": "0.186815602",
        "dnet_o1/dw5": "0.593269992", "dE_total/dw5": "0.082167041",
        "dE_o1/dnet_o1": "0.138498562", "dnet_o1/dout_h1": "0.40",
        "dE_o1/dout_h1": "0.055399425", "dE_total/dout_h1": "0.036350306",
        "dout_h1/dnet_h1": "0.241300709", "dnet_h1/dw1": "0.05",
        "dE_total/dw1": "0.000438568",
        "w5+": "0.35891648", "w6+": "0.408666186", "w7+": "0.511301270", "w8+": "0.561370121",
        "w1+": "0.149780716", "w2+": "0.19956143", "w3+": "0.24975114", "w4+": "0.29950229",
    })
    g.misprinted("dE_o2/dout_h1", "-0.019049119",
                 "off in the last digit: dE_o2/dnet_o2 was rounded to -0.038098237 before halving")
    g.misprinted("E_total#2", "0.291027924",
                 "w5..w8 were updated before the hidden layer used them: that gives 0.29102792391")
    g.misprinted("E_total#10001", "0.0000351085",
                 "fits neither rule after 10000 updates: the right one gives it after 9999 and "
                 "w5..w8 updated first give 0.0000350848")
    g.misprinted("out_o1#10001", "0.015912196", "w5..w8 were updated before the hidden layer")
    g.misprinted("out_o2#10001", "0.984065734", "w5..w8 were updated before the hidden layer")
    assert (g.right, g.wrong) == (28, 5)

    # Others have run the post's rule
    g.printed({
        "out_o1#2": "0.742088111190782", "E_total#5": "0.2682327612", "E_total#10": "0.2288087405",
        "E_total#100": "0.0203118271", "E_total#1000": "0.0011157856",
        "E_total#10000": "0.0000351085",
    }, source=OTHERS)
    g.misprinted("out_o2#2", "0.775284968294459", "cut off, not rounded", source=OTHERS)
    return g


def with_biases(name, place, source=""):
    """The biases trained too; `place` says which bias each unit has. A unit's delta goes to its bias, shared or not."""
    g = Golden(name, source)
    start = WEIGHTS | {bias: B1 if unit[0] == "h" else B2 for unit, bias in place.items()}

    def outputs(p):
        out = {}
        for unit, wa, wb, a, b in (("h1", "w1", "w2", I1, I2), ("h2", "w3", "w4", I1, I2),
                                   ("o1", "w5", "w6", "h1", "h2"), ("o2", "w7", "w8", "h1", "h2")):
            out[unit] = sigmoid(p[wa] * out.get(a, a) + p[wb] * out.get(b, b) + p[place[unit]])
        return {f"out_{unit}": value for unit, value in out.items()}

    def loss(p):
        v = outputs(p)
        return (T1 - v["out_o1"]) ** 2 / 2 + (T2 - v["out_o2"]) ** 2 / 2

    v = outputs(start)
    d1, d2 = output_deltas(v)
    delta = dict(zip(("o1", "o2", "h1", "h2"), (d1, d2, *hidden_deltas(v, start, d1, d2))))
    grad = gradient(v, d1, d2, delta["h1"], delta["h2"])
    for unit, bias in place.items():
        grad[bias] = grad.get(bias, 0) + delta[unit]
    confirm(loss, start, grad)
    g.rows(v | {"E_total": loss(start)})
    g.derivatives("E_total", {f"net_{unit}": d for unit, d in delta.items()} | grad)
    g.row("E_total#2", loss(g.updates(start, grad, RATE)))
    return g


def tables():
    own = with_biases("mazur.neurons", {unit: f"b_{unit}" for unit in ("h1", "h2", "o1", "o2")}, OTHERS)
    own.printed({"b_o2+": "0.619049118"})
    return [golden(), with_biases("mazur.biases", {"h1": "b1", "h2": "b1", "o1": "b2", "o2": "b2"}), own]
