"""What the lesson han_kamber_321 has besides the book's step: both samples at once, and its exercises.

Err_j of a unit is -dE/dI_j: of the output O(1 - O)(T - O), of a hidden one O(1 - O) Err_above w; dE/dw is -Err times
what comes in through w, dE/dtheta is -Err.
"""

import han_kamber_321
from oracle import Golden, confirm, mpf, numbers, sigmoid

RATE = mpf("0.9")


def both_at_once():
    """dE/dw is the mean over the samples."""
    g = Golden("han_kamber_321.both_at_once")
    names = ("w14", "w24", "w34", "theta4", "w15", "w25", "w35", "theta5", "w46", "w56", "theta6")
    p = dict(zip(names, numbers("0.2", "0.4", "-0.5", "-0.4", "-0.3", "0.1", "0.2", "0.2", "-0.3", "-0.2", "0.1")))
    samples = [numbers("1", "0", "1"), numbers("1", "1", "0")]

    def forward(p, x):
        hidden = {j: sigmoid(sum(p[f"w{i}{j}"] * x[i - 1] for i in (1, 2, 3)) + p[f"theta{j}"]) for j in (4, 5)}
        return hidden, sigmoid(p["w46"] * hidden[4] + p["w56"] * hidden[5] + p["theta6"])

    def loss(p):
        return sum((1 - forward(p, x)[1]) ** 2 / 2 for x in samples) / 2

    gradient = {name: mpf(0) for name in names}
    for x in samples:
        hidden, out = forward(p, x)
        err6 = out * (1 - out) * (1 - out)
        gradient["theta6"] -= err6 / 2
        for j in (4, 5):
            err = hidden[j] * (1 - hidden[j]) * err6 * p[f"w{j}6"]
            gradient[f"w{j}6"] -= err6 * hidden[j] / 2
            gradient[f"theta{j}"] -= err / 2
            for i in (1, 2, 3):
                gradient[f"w{i}{j}"] -= err * x[i - 1] / 2
    confirm(loss, p, gradient)
    g.row("E", loss(p))
    g.derivatives("E", gradient)
    g.updates(p, gradient, RATE)
    return g


def exercise_1():
    g = Golden("han_kamber_321.exercise_1")
    x1, x2 = numbers("1", "0.5")
    names = ("w13", "w23", "theta3", "w14", "w24", "theta4", "w35", "w45", "theta5")
    p = dict(zip(names, numbers("0.3", "-0.2", "0.1", "-0.4", "0.6", "-0.1", "0.5", "-0.3", "0.2")))

    def forward(p):
        o3 = sigmoid(p["w13"] * x1 + p["w23"] * x2 + p["theta3"])
        o4 = sigmoid(p["w14"] * x1 + p["w24"] * x2 + p["theta4"])
        return o3, o4, sigmoid(p["w35"] * o3 + p["w45"] * o4 + p["theta5"])

    o3, o4, o5 = forward(p)
    err5 = o5 * (1 - o5) * (1 - o5)
    err3, err4 = o3 * (1 - o3) * err5 * p["w35"], o4 * (1 - o4) * err5 * p["w45"]
    gradient = dict(zip(names, (-err3 * x1, -err3 * x2, -err3, -err4 * x1, -err4 * x2, -err4, -err5 * o3, -err5 * o4,
                                -err5)))
    confirm(lambda p: (1 - forward(p)[2]) ** 2 / 2, p, gradient)
    g.rows({"O3": o3, "O4": o4, "O5": o5, "E": (1 - o5) ** 2 / 2})
    g.derivatives("E", {"I3": -err3, "I4": -err4, "I5": -err5} | gradient)
    g.updates(p, gradient, RATE)
    return g


def exercise_2():
    g = Golden("han_kamber_321.exercise_2")
    x1, x2 = numbers("1", "-1")
    p = dict(zip(("w13", "w24", "theta", "w35", "w45"), numbers("0.5", "0.4", "0.2", "0.6", "-0.7")))

    def forward(p):
        o3, o4 = sigmoid(p["w13"] * x1 + p["theta"]), sigmoid(p["w24"] * x2 + p["theta"])
        return o3, o4, sigmoid(p["w35"] * o3 + p["w45"] * o4)

    o3, o4, o5 = forward(p)
    err5 = o5 * (1 - o5) * (0 - o5)
    err3, err4 = o3 * (1 - o3) * err5 * p["w35"], o4 * (1 - o4) * err5 * p["w45"]
    gradient = {"w13": -err3 * x1, "w24": -err4 * x2, "theta": -err3 - err4, "w35": -err5 * o3, "w45": -err5 * o4}
    confirm(lambda p: forward(p)[2] ** 2 / 2, p, gradient)
    g.rows({"O3": o3, "O4": o4, "O5": o5})
    g.derivatives("E", {"I3": -err3, "I4": -err4, "I5": -err5} | gradient)
    g.updates(p, gradient, RATE)
    return g


def exercise_3():
    g = Golden("han_kamber_321.exercise_3")
    samples = [numbers("1", "1"), numbers("2", "0")]
    p = {"w": mpf("0.4"), "theta": mpf("-0.2")}

    def out(p, x):
        return sigmoid(p["w"] * x + p["theta"])

    errors = [out(p, x) * (1 - out(p, x)) * (t - out(p, x)) for x, t in samples]
    gradient = {"w": -sum(e * x for e, (x, _) in zip(errors, samples)) / 2, "theta": -sum(errors) / 2}
    confirm(lambda p: sum((t - out(p, x)) ** 2 for x, t in samples) / 4, p, gradient)
    for k, (x, t) in enumerate(samples, start=1):
        g.rows({f"O@{k}": out(p, x), f"E@{k}": (t - out(p, x)) ** 2 / 2})
    g.derivatives("E", gradient)
    g.updates(p, gradient, RATE)
    return g


def rounded():
    g = Golden("han_kamber_321.rounded", han_kamber_321.BOOK)
    out = mpf("0.474")
    g.row("Err6", out * (1 - out) * (1 - out))
    g.printed({"Err6": "0.1311"})
    return g


def tables():
    return [both_at_once(), exercise_1(), exercise_2(), exercise_3(),
            rounded()]
