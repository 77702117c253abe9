"""Slopes from two points beside the derivative.

    cube     ((2 + h)^3 - 8)/h = 12 + 6h + h^2, ((2 + h)^3 - (2 - h)^3)/(2h) = 12 + h^2
    neuron   dE/ds = (y - t) y (1 - y), and times x1, x2, 1; `faulty` has it with mistakes
    hidden   a faulty part beside a penalty that is far larger
"""

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
    g.rows({f"r_{name}": abs(value - right) / max(abs(value), abs(right)) for name, value in wrong.items()})
    return g


def hidden():
    g = Golden("gradient_check.hidden_fault")
    y = sigmoid(mpf(3))
    data = -(1 - y) * y * (1 - y)
    g.rows({"data": (1 - y) ** 2 / 2, "penalty": 4500, "E": (1 - y) ** 2 / 2 + 4500, "ddata/dw": data,
            "dpenalty/dw": 3000, "dE/dw": data + 3000, "faulty": 2 * data + 3000})
    return g


def tables():
    return [cube("gradient_check", "0.1"), cube("gradient_check.cube_finer", "0.01"), neuron(), faulty(), hidden()]
