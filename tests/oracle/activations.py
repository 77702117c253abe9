"""Activation functions, their slopes, and neurons in which a slope is small or 0.

    sigmoid' = s(1 - s), tanh' = 1 - t^2, relu' = [x > 0], elu' = e^x below 0, softplus' = sigmoid,
    gelu = x Phi(x), gelu' = Phi(x) + x phi(x)
    a neuron, E = (y - s)^2/2: dE/dw = (s - y) s(1 - s) x; with cross-entropy: dL/dw = (s - y) x
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid


def phi(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def below(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


FUNCTIONS = {
    "s": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "t": (mp.tanh, lambda x: 1 / mp.cosh(x) ** 2),
    "r": (lambda x: max(mpf(0), x), lambda x: mpf(x > 0)),
    "l": (lambda x: x if x > 0 else x / 100, lambda x: mpf(1) if x > 0 else mpf(1) / 100),
    "e": (lambda x: x if x > 0 else mp.expm1(x), lambda x: mpf(1) if x > 0 else mp.exp(x)),
    "p": (lambda x: mp.log(1 + mp.exp(x)), sigmoid),
    "g": (lambda x: x * below(x), lambda x: below(x) + x * phi(x)),
}


def two_linear():
    g = Golden("activations")
    x1, x2, w11, w12, w21, w22, v1, v2 = numbers("3", "-2", "0.5", "-1", "2", "1.5", "1", "-0.5")
    h1, h2 = w11 * x1 + w12 * x2, w21 * x1 + w22 * x2
    g.rows({"h1": h1, "h2": h2, "y": v1 * h1 + v2 * h2})
    g.derivatives("y", {"x1": v1 * w11 + v2 * w21, "x2": v1 * w12 + v2 * w22, "h1": v1, "h2": v2,
                        "w11": v1 * x1, "w12": v1 * x2, "w21": v2 * x1, "w22": v2 * x2, "v1": h1, "v2": h2})
    return g


def curves():
    g = Golden("activations.curves")
    total = 0
    for name, (function, slope) in FUNCTIONS.items():
        for k, x in enumerate(numbers("-10", "-1", "1", "10"), 1):
            total += g.row(f"{name}[{k}]", function(x))
            if (name, k) not in (("t", 1), ("t", 4), ("s", 4)):   # 1 - t^2 loses digits where t is near 1
                g.row(f"d{name}[{k}]/dx[{k}]", slope(x))
            confirm(lambda v, f=function: f(v["x"]), {"x": x}, {"x": slope(x)})
    g.row("total", total)
    return g


def digits():
    """At 15 and 20 the slope from the value, 1 - t^2, has few digits or none in a double."""
    g = Golden("activations.digits")
    x = numbers("2", "15", "20")
    g.row("from_value[1]", 1 - mp.tanh(x[0]) ** 2)
    for k, one in enumerate(x, start=1):
        g.rows({f"t[{k}]": mp.tanh(one), f"from_sum[{k}]": 1 / mp.cosh(one) ** 2})
    return g


def neuron(name, w, b, loss, slope, loss_name="E"):
    g = Golden(name, "Nielsen, neuralnetworksanddeeplearning.com/chap3.html")
    w, b, rate = numbers(w, b, "0.15")
    confirm(lambda v: loss(v["w"] + v["b"]), {"w": w, "b": b}, {"w": slope(w + b), "b": slope(w + b)})
    g.rows({"net": w + b, "out": sigmoid(w + b), loss_name: loss(w + b)})
    g.derivatives(loss_name, {"net": slope(w + b), "w": slope(w + b), "b": slope(w + b)})
    for update in range(1, 301):
        step = rate * slope(w + b)
        w, b = w - step, b - step
        if update in (1, 100, 300):
            g.row(f"out#{update + 1}", sigmoid(w + b))
    return g


def neurons():
    def square(z):
        return sigmoid(z) ** 2 / 2

    def of_square(z):
        return sigmoid(z) ** 2 * sigmoid(-z)

    mild = neuron("activations.mild", "0.6", "0.9", square, of_square)
    bad = neuron("activations.bad", "2", "2", square, of_square)
    mild.printed({"out": "0.82"})
    bad.printed({"out": "0.98"})
    cured = neuron("activations.cured", "2", "2", lambda z: mp.log(1 + mp.exp(z)), sigmoid, "L")
    return [mild, bad, cured]


def three_examples(name, leak):
    g = Golden(name)
    x = numbers("1", "2", "0.5")
    w, b, rate, leak = numbers("-1", "-0.5", "0.1", leak)

    def out(z):
        return z if z > 0 else leak * z

    def loss(v):
        return sum((t - out(v["w"] * t + v["b"])) ** 2 for t in x) / 2

    for update in range(401):
        net = [w * t + b for t in x]
        d = [(out(z) - t) * (1 if z > 0 else leak) for z, t in zip(net, x)]
        dw, db = sum(e * t for e, t in zip(d, x)), sum(d)
        if update == 0:
            confirm(loss, {"w": w, "b": b}, {"w": dw, "b": db})
            g.rows({f"net[{k}]": z for k, z in enumerate(net, 1)})
            g.row("E", loss({"w": w, "b": b}))
            g.rows({"dE/dw": dw, "dE/db": db, "w+": w - rate * dw, "b+": b - rate * db})
        elif update in (100, 200):
            g.row(f"E#{update + 1}", loss({"w": w, "b": b}))
        w, b = w - rate * dw, b - rate * db
    return g


def sideways():
    g = Golden("activations.sideways")
    g.rows({"straight": mpf("1.75"), "bent": 1, "dstraight/dx": mpf("0.25"), "dbent/dx": 1})
    return g


def exercises():
    slopes, disguise, alive = (Golden(f"activations.exercise_{i}") for i in (1, 2, 3))
    x = mpf("0.5")
    a, b = sigmoid(x), mp.tanh(x)
    slopes.rows({"a": a, "b": b, "c": mp.expm1(-x), "f": a + b + mp.expm1(-x), "df/dx": a * (1 - a) + 1 - b ** 2 - mp.exp(-x)})
    x = mpf("0.7")
    assert abs(mp.tanh(x) - (2 * sigmoid(2 * x) - 1)) < mpf("1e-40")
    disguise.rows({"difference": mp.tanh(x) - sigmoid(2 * x),
                   "ddifference/dx": 1 / mp.cosh(x) ** 2 - 2 * sigmoid(2 * x) * sigmoid(-2 * x)})
    h1 = mpf("0.8")
    alive.rows({"h1": h1, "h2": 0, "E": (1 - h1) ** 2 / 2, "dE/db1": h1 - 1, "dE/db2": 0, "dE/dw2": 0, "dE/dw1": 2 * (h1 - 1),
                "b1+": mpf("-0.2") - (h1 - 1) / 2, "b2+": mpf("0.3")})
    return [slopes, disguise, alive]


def one_linear():
    g = Golden("activations.one_linear")
    u1, u2 = numbers("-0.5", "-1.75")    # 1*0.5 - 0.5*2 and -1*1 - 0.5*1.5
    g.rows({"u1": u1, "u2": u2, "y": 3 * u1 - 2 * u2})
    return g


def bent():
    g = Golden("activations.bent")
    for k, total in enumerate((0, 1, 1, 2), start=1):
        a, b = max(0, total), max(0, total - 1)
        g.rows({f"a[{k}]": a, f"b[{k}]": b, f"y[{k}]": a - 2 * b})
    return g


def forms():
    """At 0, where relu and elu have a kink and their slopes are 0 and 1."""
    g = Golden("activations.forms")
    values = {f"{word}_x": FUNCTIONS[letter] for word, letter in zip(
        ("sigmoid", "tanh", "relu", "leaky", "elu", "softplus", "gelu"), "strlepg")}
    g.rows({name: function(mpf(0)) for name, (function, _) in values.items()})
    g.row("total", mp.log(2) + mpf("0.5"))
    g.rows({f"d{name}/dx": slope(mpf(0)) for name, (_, slope) in values.items()})
    g.row("dtotal/dx", mpf("0.25") + 1 + mpf("0.01") + 1 + mpf("0.5") + mpf("0.5"))
    return g


def wrong_slope():
    g = Golden("activations.wrong_slope")
    s = sigmoid(mpf(1))
    g.rows({"s": s, "right": s * (1 - s), "of_sum": 0, "twice": sigmoid(s) * sigmoid(-s), "ds/dx": s * (1 - s)})
    return g


def tables():
    return [two_linear(), curves(), digits(), *neurons(), three_examples("activations.dead", "0"),
            three_examples("activations.leaking", "0.01"), sideways(), *exercises(),
            one_linear(),
            bent(),
            forms(),
            wrong_slope()]
