"""Overfitting six points with six coefficients, weight decay, early stopping and dropout.

    free, decayed   p_i = sum w_k x_i^k, E = mean of (p_i - y_i)^2/2, dE/dw_k = mean of (p_i - y_i) x_i^k (+ lambda w_k)
    penalty, decay  one weight: J = E + lambda w^2/2; the end is sum xy/(sum x^2 + lambda)
    dropout         h = tanh(a x), m = h mask/keep; d out/d a_j = b_j mask_j/keep (1 - h_j^2) x
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid

X, Y = numbers("-1", "-0.6", "-0.2", "0.2", "0.6", "1"), numbers("-0.7", "-0.9", "0.05", "-0.1", "0.9", "0.75")
U, V = numbers("-0.8", "-0.4", "0", "0.4", "0.8"), numbers("-0.7", "-0.5", "0.1", "0.3", "0.9")


def value(w, x):
    return sum(c * x ** k for k, c in enumerate(w))


def loss(w, x, y):
    return sum((value(w, s) - t) ** 2 for s, t in zip(x, y)) / (2 * len(x))


def polynomial(name, decay):
    g = Golden(name)
    decay = mpf(decay)
    w = [mpf(0)] * 6
    powers = [[x ** k for x in X] for k in range(6)]
    for update in range(2001):
        d = [sum(w[k] * powers[k][i] for k in range(6)) - Y[i] for i in range(6)]
        gradient = [sum(d[i] * powers[k][i] for i in range(6)) / 6 + (decay * w[k] if k else 0) for k in range(6)]
        if update == 0:
            g.derivatives("J" if decay else "E", {f"w[{k}]": d for k, d in enumerate(gradient) if k})   # by w[0] a rounding of 0
        if update == 1:
            confirm(lambda v: loss([v[k] for k in range(6)], X, Y) + decay / 2 * sum(v[k] ** 2 for k in range(1, 6)),
                    dict(enumerate(w)), dict(enumerate(gradient)))
        if update in (0, 1, 10, 25, 100, 500, 2000):
            n = update + 1
            g.rows({f"E#{n}": loss(w, X, Y), f"H#{n}": loss(w, U, V), f"curve#{n}": value(w, mpf("0.5"))})
            g.rows({f"w[{k}]#{n}": w[k] for k in range(6) if update != 1 or k})   # w[0] is then a rounding of 0
        w = [c - s for c, s in zip(w, gradient)]
    return g


def one_weight(name, penalty):
    g = Golden(name)
    x, y, (w, lam, rate) = numbers("1", "2"), numbers("2", "3"), numbers("3", "0.5", "0.1")
    for update in range(101):
        slope = sum((w * s - t) * s for s, t in zip(x, y))
        if update == 0:
            e = sum((w * s - t) ** 2 for s, t in zip(x, y)) / 2
            g.row("E", e)
            if penalty:
                g.rows({"J": e + lam / 2 * w ** 2, "dJ/dw": slope + lam * w})
            else:
                g.row("dE/dw", slope)
        new = w - rate * (slope + lam * w)
        if update == 0:
            g.row("w+", new)
        w = new
        if update in (0, 4, 99):
            g.row(f"w#{update + 2}", w)
    assert abs(w - 8 / mpf("5.5")) < mpf("1e-9")
    return g


def dropout():
    g = Golden("regularisation.dropout")
    a, b, rate = numbers("0.5", "-0.3"), numbers("0.8", "0.6"), mpf("0.1")
    mask = (2, 0)
    h = [mp.tanh(t) for t in a]
    m = [t * k for t, k in zip(h, mask)]
    out = b[0] * m[0] + b[1] * m[1]
    g.rows({"h[1]": h[0], "h[2]": h[1], "m[1]": m[0], "m[2]": m[1], "out": out, "E": (out - 1) ** 2 / 2})
    gradient = {f"a[{j + 1}]": (out - 1) * b[j] * mask[j] * (1 - h[j] ** 2) for j in range(2)}
    gradient |= {f"b[{j + 1}]": (out - 1) * m[j] for j in range(2)}
    params = {"a[1]": a[0], "a[2]": a[1], "b[1]": b[0], "b[2]": b[1]}
    confirm(lambda v: (v["b[1]"] * mp.tanh(v["a[1]"]) * 2 - 1) ** 2 / 2, params, gradient)
    g.derivatives("E", gradient)
    g.updates(params, gradient, rate)
    return g


def all_masks():
    g = Golden("regularisation.all_masks")
    parts = [mpf("0.8") * mp.tanh(mpf("0.5")), mpf("0.6") * mp.tanh(mpf("-0.3"))]
    g.rows({"out[1]": 0, "out[2]": 2 * parts[1], "out[3]": 2 * parts[0], "out[4]": 2 * sum(parts), "average": sum(parts),
            "whole": sum(parts)})
    return g


def exercise_1():
    g = Golden("regularisation.exercise_1")
    w, b, x, lam, rate = numbers("1.5", "-0.5", "2", "0.2", "0.1")
    p = w * x + b
    gradient = {"w": (p - 1) * x + lam * w, "b": p - 1}
    confirm(lambda v: (v["w"] * x + v["b"] - 1) ** 2 / 2 + lam / 2 * v["w"] ** 2, {"w": w, "b": b}, gradient)
    g.rows({"p": p, "E": (p - 1) ** 2 / 2, "J": (p - 1) ** 2 / 2 + lam / 2 * w ** 2})
    g.derivatives("J", gradient)
    g.updates({"w": w, "b": b}, gradient, rate)
    return g


def exercise_2():
    g = Golden("regularisation.exercise_2")
    w, lam, rate = numbers("0.5", "0.05"), mpf("0.2"), mpf("0.1")
    for step in ("", "#2"):
        gradient = [w[0] - 1 + lam * mp.sign(w[0]), lam * mp.sign(w[1])]
        g.rows({f"p{step}": w[0], f"J{step}": (w[0] - 1) ** 2 / 2 + lam * (abs(w[0]) + abs(w[1]))})
        g.rows({f"dJ/dw[{i + 1}]{step}": gradient[i] for i in range(2)})
        w = [c - rate * d for c, d in zip(w, gradient)]
        g.rows({f"w[{i + 1}]+{step}": w[i] for i in range(2)})
    return g


def exercise_3():
    g = Golden("regularisation.exercise_3")
    w, m = numbers("0.3", "-0.2", "0.4"), [mpf("1.5"), mpf(0), mpf("-1.5")]
    net = sum(c * t for c, t in zip(w, m))
    out = sigmoid(net)
    delta = (out - 1) * out * (1 - out)
    gradient = {f"w[{i + 1}]": delta * m[i] for i in range(3)}
    confirm(lambda v: (sigmoid(sum(v[f"w[{i + 1}]"] * m[i] for i in range(3))) - 1) ** 2 / 2,
            {f"w[{i + 1}]": w[i] for i in range(3)}, gradient)
    g.rows({f"m[{i + 1}]": m[i] for i in range(3)} | {"net": net, "out": out, "E": (out - 1) ** 2 / 2})
    g.derivatives("E", gradient)
    g.updates({f"w[{i + 1}]": w[i] for i in range(3)}, gradient, mpf("0.5"))
    return g


def way():
    g = Golden("regularisation.way")
    for i, c in enumerate(numbers("0.5", "0.005"), start=1):
        g.rows({f"share[{i}]": 1 - (1 - c) ** 25, f"decayed[{i}]": c / (c + mpf("0.02"))})
    return g


def tables():
    balance = Golden("regularisation.balance")
    balance.rows({"without": mpf("1.6"), "with": 8 / mpf("5.5")})
    return [polynomial("regularisation", 0), polynomial("regularisation.decayed", "0.01"),
            one_weight("regularisation.penalty", True), one_weight("regularisation.decay", False), balance, dropout(),
            all_masks(), exercise_1(), exercise_2(), exercise_3(),
            way()]
