"""A linear 2-2-1 network without biases: h = W i, prediction = w5 h1 + w6 h2.

    Error = 1/2 delta^2 with delta = prediction - actual, so dError/dprediction = delta
    dError/dw5 = delta h1,  dError/dw1 = delta w5 i1, and alike
"""

from oracle import Golden, confirm, number, numbers

SOURCE = "hmkcode 2018, hmkcode.com/ai/backpropagation-step-by-step"
RATE = number("0.05")
I1, I2 = numbers("2", "3")
ACTUAL = number("1")
WEIGHTS = dict(zip(["w1", "w2", "w3", "w4", "w5", "w6"],
                   numbers("0.11", "0.21", "0.12", "0.08", "0.14", "0.15")))


def forward(w):
    v = {"h1": w["w1"] * I1 + w["w2"] * I2, "h2": w["w3"] * I1 + w["w4"] * I2}
    v["prediction"] = w["w5"] * v["h1"] + w["w6"] * v["h2"]
    v["delta"] = v["prediction"] - ACTUAL
    v["Error"] = v["delta"] ** 2 / 2
    return v


def golden():
    g = Golden("hmkcode_linear_221", SOURCE)
    w = WEIGHTS
    v = forward(w)
    g.rows(v)

    delta = v["delta"]
    dh1, dh2 = delta * w["w5"], delta * w["w6"]
    gradient = {"w1": dh1 * I1, "w2": dh1 * I2, "w3": dh2 * I1, "w4": dh2 * I2,
                "w5": delta * v["h1"], "w6": delta * v["h2"]}
    confirm(lambda p: forward(p)["Error"], w, gradient)
    g.derivatives("Error", {"delta": delta, "prediction": delta, "h1": dh1, "h2": dh2, **gradient})
    for name in w:
        g.row(f"{name}.change", RATE * gradient[name])
    second = g.updates(w, gradient, RATE)
    g.rows(forward(second), "#2")

    # The hidden layer of the second pass, with weights as rounded in the figure
    g.row("figure_h1", number("0.12") * I1 + number("0.23") * I2)
    g.row("figure_h2", number("0.13") * I1 + number("0.10") * I2)

    g.printed({
        "h1": ".85", "h2": ".48", "prediction": "0.191", "Error": "0.327", "delta": "-0.809",
        "w5.change": "-0.034", "w6.change": "-0.019", "w1.change": "-0.011",
        "w2.change": "-0.017", "w3.change": "-0.012", "w4.change": "-0.018",
        "w5+": "0.17", "w6+": "0.17", "w1+": ".12", "w2+": ".23", "w3+": ".13", "w4+": ".10",
    })
    g.printed({"h1#2": ".92", "h2#2": ".56", "prediction#2": "0.26"},
              note="with the weights as they are; the figure shows them rounded to two digits")
    g.misprinted("figure_h1", ".85", "the figure repeats the result of the first pass")
    g.misprinted("figure_h2", ".48", "the figure repeats the result of the first pass")
    assert (g.right, g.wrong) == (20, 2)
    return g


def tables():
    return [golden()]
