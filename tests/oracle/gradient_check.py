"""Slopes from two points beside the derivative.

    cube     ((2 + h)^3 - 8)/h = 12 + 6h + h^2, ((2 + h)^3 - (2 - h)^3)/(2h) = 12 + h^2
    neuron   dE/ds = (y - t) y (1 - y), and times x1, x2, 1; `faulty` has it with mistakes
    hidden   a faulty part beside a penalty that is far larger
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid


def cube(name, h):
    g = Golden(name)
    h = mpf(h)
    g.rows({"f": 8, "up": (2 + h) ** 3, "down": (2 - h) ** 3, "right": 12 + 6 * h + h ** 2, "both": 12 + h ** 2,
            "df/dx": 12})
    return g


def given():
    return dict(zip(("w1", "w2", "b"), numbers("0.8", "0.4", "0.1")))


def out(v):
    return sigmoid(v["w1"] / 2 - v["w2"] + v["b"])


def neuron():
    g = Golden("gradient_check.neuron")
    y = out(given())
    ds = (y - 1) * y * (1 - y)
    gradient = {"w1": ds / 2, "w2": -ds, "b": ds}
    confirm(lambda v: (1 - out(v)) ** 2 / 2, given(), gradient)
    g.rows({"s": mpf("0.1"), "y": y, "E": (1 - y) ** 2 / 2, "dE/dy": y - 1, "dy/ds": y * (1 - y)})
    g.derivatives("E", {"s": ds, **gradient})
    return g


def faulty():
    g = Golden("gradient_check.faulty")
    s = mpf("0.1")
    y = sigmoid(s)
    right = (y - 1) * y * (1 - y) / 2
    wrong = {"double": 2 * right, "slope": (y - 1) / 2, "sign": -right, "sum": (y - 1) * s * (1 - s) / 2}
    g.rows({"true_g": right, "double": wrong["double"], "no_slope": wrong["slope"], "sign": wrong["sign"],
            "of_sum": wrong["sum"]})
    g.derivatives("E", {"w1": right, "w2": -2 * right, "b": 2 * right})
    g.rows({f"r_{name}": abs(value - right) / max(abs(value), abs(right)) for name, value in wrong.items()})
    return g


def hidden():
    g = Golden("gradient_check.hidden_fault")
    y = sigmoid(mpf(3))
    data = -(1 - y) * y * (1 - y)
    g.rows({"data": (1 - y) ** 2 / 2, "penalty": 4500, "E": (1 - y) ** 2 / 2 + 4500, "ddata/dw": data,
            "dpenalty/dw": 3000, "dE/dw": data + 3000, "faulty": 2 * data + 3000})
    return g


def exponential(name, right):
    """e^x at 2, from one side: off by e^2((e^h - 1)/h - 1). From both sides, and for smaller h, a double loses digits."""
    g = Golden(name)
    f = mp.exp(2)
    g.rows({"f": f, "df/dx": f, right: f * (mp.expm1(mpf("0.1")) * 10 - 1)})
    return g


def nudged():
    """Of the differences by 1e-5, and how far they are off, a double has too few digits."""
    g = Golden("gradient_check.nudged")
    y = out(given())
    ds = (y - 1) * y * (1 - y)
    g.rows({"E": (1 - y) ** 2 / 2, "g_w1": ds / 2, "g_w2": -ds, "g_b": ds})
    g.derivatives("E", {"w1": ds / 2, "w2": -ds, "b": ds})
    return g


def kinks():
    """relu just behind its kink, and abs on it: the difference sees both sides."""
    behind, on = Golden("gradient_check.kink"), Golden("gradient_check.exercise_3")
    x, h = numbers("1e-6", "1e-5")
    both = (x + h) / (2 * h)
    behind.rows({"f": x, "up": x + h, "down": 0, "both": both, "off": 1 - both, "df/dx": 1})
    on.rows({"f": 0, "both": 0, "df/dx": 0})
    return [behind, on]


def one_over_x(name, h, *names):
    """(1/(2 + h) - 1/2)/h = -1/(2(2 + h)), from both sides -1/(4 - h^2), and the slope is -1/4."""
    g = Golden(name)
    h = mpf(h)
    right, both = -1 / (2 * (2 + h)), -1 / (4 - h ** 2)
    rows = {"f": mpf(1) / 2, "right": right, "both": both, "off_right": right + mpf(1) / 4, "df/dx": -mpf(1) / 4}
    g.rows({name: rows[name] for name in names})
    return g


def faults():
    """dE/dw = (y - t) v (1 - h^2) x, of which `given` has 1 - h: off by 1 - (1 - h)/(1 - h^2) = h/(1 + h)."""
    tables = []
    for name in ("gradient_check.exercise_2", "gradient_check.fault"):
        g = Golden(name)
        x, t, w, v = numbers("2", "1", "0.3", "-0.5")
        h = mp.tanh(w * x)
        y = v * h
        gradient = {"w": (y - t) * v * (1 - h ** 2) * x, "v": (y - t) * h}
        confirm(lambda p: (p["v"] * mp.tanh(p["w"] * x) - t) ** 2 / 2, {"w": w, "v": v}, gradient)
        g.rows({"h": h, "y": y, "E": (y - t) ** 2 / 2, "given": (y - t) * v * (1 - h) * x})
        if name.endswith("fault"):
            g.row("off", h / (1 + h))
        g.derivatives("E", {"y": y - t, "h": (y - t) * v, **gradient})
        tables.append(g)
    return tables


def layer_nudged():
    """exercise_4 with its differences from both sides; how far they are off has too few digits in a double."""
    g = Golden("gradient_check.layer_nudged")
    params = dict(zip(("w1", "w2", "b"), numbers("0.6", "0.4", "0.2")))
    h = mpf("0.01")

    def loss(p):
        return mp.tanh(p["w1"] - p["w2"] / 2 + p["b"]) ** 2 / 2

    y = mp.tanh(mpf("0.6"))
    g.row("E", y ** 2 / 2)
    for name, value in params.items():
        g.row(f"n_{name}", (loss({**params, name: value + h}) - loss({**params, name: value - h})) / (2 * h))
    by_sum = y * (1 - y ** 2)
    g.derivatives("E", {"w1": by_sum, "w2": -by_sum / 2, "b": by_sum})
    return g


def tables():
    return [cube("gradient_check", "0.1"), cube("gradient_check.cube_finer", "0.01"), neuron(), faulty(), hidden(),
            exponential("gradient_check.steps", "right[1]"),
            exponential("gradient_check.any_step", "right"),
            nudged(),
            *kinks(),
            one_over_x("gradient_check.exercise_1", "0.1", "f", "right", "both", "off_right", "df/dx"),
            one_over_x("gradient_check.tenth_of_it", "0.01", "f", "right", "both", "df/dx"),
            *faults(),
            layer_nudged()]
