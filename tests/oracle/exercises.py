"""Exercises of lessons whose own oracles do not hold them; each gradient derived by hand.

A neuron's delta is dL/dnet; a weight's derivative is the delta above times what comes in through it.
"""

from mpmath import mp

import draws
from oracle import Golden, confirm, mpf, numbers, sigmoid


def logistic(net):
    return sigmoid(net), sigmoid(net) * sigmoid(-net)


def tanh(net):
    return mp.tanh(net), 1 - mp.tanh(net) ** 2


def finish(g, loss, of, params, gradient, rate):
    confirm(loss, params, gradient)
    g.row(of, loss(params))
    g.derivatives(of, gradient)
    if rate:
        g.updates(params, gradient, mpf(rate))
    return g


def mazur_1():
    g = Golden("mazur.exercise_1")
    i1, i2, t, b1, b2 = numbers("0.5", "1", "0.9", "0.1", "0.2")
    p = {f"w{k}": v for k, v in enumerate(numbers("0.4", "-0.3", "0.2", "0.6", "0.7", "-0.5"), start=1)}

    def forward(p):
        h1, h2 = sigmoid(p["w1"] * i1 + p["w2"] * i2 + b1), sigmoid(p["w3"] * i1 + p["w4"] * i2 + b1)
        return h1, h2, sigmoid(p["w5"] * h1 + p["w6"] * h2 + b2)

    h1, h2, o = forward(p)
    delta = (o - t) * o * (1 - o)
    d1, d2 = delta * p["w5"] * h1 * (1 - h1), delta * p["w6"] * h2 * (1 - h2)
    g.rows({"out_h1": h1, "out_h2": h2, "out_o": o})
    g.derivatives("E", {"net_o": delta, "net_h1": d1, "net_h2": d2})
    return finish(g, lambda p: (forward(p)[2] - t) ** 2 / 2, "E", p,
                  {"w1": d1 * i1, "w2": d1 * i2, "w3": d2 * i1, "w4": d2 * i2, "w5": delta * h1, "w6": delta * h2}, "0.5")


def mazur_2_outputs(name, function):
    g = Golden(name)
    i1, t = mpf("0.8"), numbers("0.2", "0.9")
    p = dict(zip(("w1", "w2", "w3", "b"), numbers("0.5", "0.6", "-0.4", "0.1")))

    def forward(p):
        h, slope = function(p["w1"] * i1 + p["b"])
        return h, slope, [function(p[w] * h) for w in ("w2", "w3")]

    h, slope, outs = forward(p)
    d = [(o - y) * s for (o, s), y in zip(outs, t)]
    by_h = d[0] * p["w2"] + d[1] * p["w3"]
    g.rows({"out_h": h, "out_o1": outs[0][0], "out_o2": outs[1][0]})
    g.derivatives("E_total", {"net_o1": d[0], "net_o2": d[1], "out_h": by_h, "net_h": by_h * slope})
    return finish(g, lambda p: sum((o - y) ** 2 for (o, _), y in zip(forward(p)[2], t)) / 2, "E_total", p,
                  {"w1": by_h * slope * i1, "w2": d[0] * h, "w3": d[1] * h, "b": by_h * slope}, "0.5")


def five_tanhs():
    g = Golden("vanishing.exercise_1")
    layers = range(1, 6)
    p = {f"w[{l}]": mpf(1) for l in layers}

    def forward(p):
        h = [mpf("0.8")]
        for l in layers:
            h.append(mp.tanh(p[f"w[{l}]"] * h[-1]))
        return h

    h, by, gradient = forward(p), {}, {}
    by_h = h[5] - 1
    for l in reversed(layers):
        by[l] = by_h * (1 - h[l] ** 2)
        gradient[f"w[{l}]"] = by[l] * h[l - 1]
        by_h = by[l]
    g.rows({f"h[{l}]": h[l] for l in layers})
    g.derivatives("E", {f"net[{l}]": by[l] for l in layers})
    return finish(g, lambda p: (forward(p)[5] - 1) ** 2 / 2, "E", p, gradient, None)


def short_cut():
    """h_l = h_(l-1) + sigmoid(w_l h_(l-1)): dh_l/dh_(l-1) = 1 + w_l s_l(1 - s_l)."""
    g = Golden("vanishing.exercise_2")
    layers = range(1, 4)
    p = {f"w[{l}]": mpf(1) for l in layers}

    def forward(p):
        h, s = [mpf("0.8")], [None]
        for l in layers:
            s.append(sigmoid(p[f"w[{l}]"] * h[-1]))
            h.append(h[-1] + s[-1])
        return h, s

    h, s = forward(p)
    by, gradient = {3: h[3] - 2}, {}
    for l in reversed(layers):
        slope = s[l] * (1 - s[l])
        gradient[f"w[{l}]"] = by[l] * slope * h[l - 1]
        by[l - 1] = by[l] * (1 + p[f"w[{l}]"] * slope)
    g.rows({f"h[{l}]": h[l] for l in layers} | {"dh[3]/dh[1]": by[1] / by[3]})
    g.derivatives("E", {f"h[{l}]": by[l] for l in layers})
    return finish(g, lambda p: (forward(p)[0][3] - 2) ** 2 / 2, "E", p, gradient, None)


def wide(name, spread):
    """Ten layers of sixteen relus with drawn weights; the input is 1 for the first of sixteen, E = (1 - sum h_10)^2/2."""
    g = Golden(name)
    n, depth = range(1, 17), range(1, 11)
    h, net = {0: [mpf(j == 1) for j in n]}, {}
    w = {l: [[spread * draws.normal("w", l, j, i) for i in n] for j in n] for l in depth}
    for l in depth:
        net[l] = [sum(a * b for a, b in zip(row, h[l - 1])) for row in w[l]]
        h[l] = [max(mpf(0), one) for one in net[l]]
    by_h = [sum(h[10]) - 1] * 16
    for l in reversed(depth):
        by = [d * (one > 0) for d, one in zip(by_h, net[l])]
        g.row(f"norm[{l}]", mp.sqrt(sum(d ** 2 for d in by)))
        by_h = [sum(by[j] * w[l][j][i] for j in range(16)) for i in range(16)]
    return g


def recurrence(name, x, y, params, squash, rate):
    """h_t = f(w h_(t-1) + u x_t); u stands for 1 where it is no param."""
    g = Golden(name)
    x, y, params = numbers(*x), mpf(y), {k: mpf(v) for k, v in params.items()}
    times = range(1, len(x) + 1)

    def forward(p):
        h, slope = [mpf(0)], [None]
        for one in x:
            net = p["w"] * h[-1] + p.get("u", mpf(1)) * one
            both = tanh(net) if squash else (net, mpf(1))
            h.append(both[0])
            slope.append(both[1])
        return h, slope

    h, slope = forward(params)
    by, gradient = h[-1] - y, {"w": mpf(0), "u": mpf(0)}
    for t in reversed(times):
        g.derivatives("E", {f"h[{t}]": by})
        gradient["w"] += by * slope[t] * h[t - 1]
        gradient["u"] += by * slope[t] * x[t - 1]
        by = by * slope[t] * params["w"]
    g.rows({f"h[{t}]": h[t] for t in times})
    return finish(g, lambda p: (forward(p)[0][-1] - y) ** 2 / 2, "E", params,
                  {k: gradient[k] for k in params}, rate)


def nearly_alike():
    g = Golden("initialisation.exercise_1")
    x = numbers("1", "0.5")
    p = {f"w[{j},{i}]": mpf("0.5") for j in (1, 2) for i in (1, 2)} | {"v[1]": mpf("0.5"), "v[2]": mpf("0.4")}

    def forward(p):
        h = {j: mp.tanh(sum(p[f"w[{j},{i}]"] * x[i - 1] for i in (1, 2))) for j in (1, 2)}
        return h, sum(p[f"v[{j}]"] * h[j] for j in (1, 2))

    h, out = forward(p)
    gradient = {f"w[{j},{i}]": (out - 1) * p[f"v[{j}]"] * (1 - h[j] ** 2) * x[i - 1] for j in (1, 2) for i in (1, 2)}
    gradient |= {f"v[{j}]": (out - 1) * h[j] for j in (1, 2)}
    g.rows({"h[1]": h[1], "p": out})
    return finish(g, lambda p: (forward(p)[1] - 1) ** 2 / 2, "E", p, gradient, "0.5")


def one_layer_of_relu():
    g = Golden("initialisation.exercise_2")
    x, w = numbers("1", "-0.5", "2"), [numbers("0.5", "0.4", "0.2"), numbers("0.3", "-0.6", "0.4")]
    p = {f"w[{j},{i}]": w[j - 1][i - 1] for j in (1, 2) for i in (1, 2, 3)}

    def forward(p):
        return [max(mpf(0), sum(p[f"w[{j},{i}]"] * x[i - 1] for i in (1, 2, 3))) for j in (1, 2)]

    h = forward(p)
    before, after = sum(one ** 2 for one in x) / 3, sum(one ** 2 for one in h) / 2
    g.rows({"h[1]": h[0], "h[2]": h[1], "q0": before, "q1": after, "ratio": after / before})
    return finish(g, lambda p: (sum(forward(p)) - 1) ** 2 / 2, "E", p,
                  {f"w[{j},{i}]": (sum(h) - 1) * x[i - 1] for j in (1, 2) for i in (1, 2, 3)}, "0.1")


def backwards():
    g = Golden("initialisation.exercise_3")
    w, c = [numbers("0.4", "-0.2"), numbers("0.3", "0.6"), numbers("-0.5", "0.7")], numbers("2", "-1", "0.5")
    by = [sum(c[j] * w[j][i] for j in range(3)) for i in range(2)]
    g.rows({"above": sum(one ** 2 for one in c) / 3, "below": sum(one ** 2 for one in by) / 2})
    x = numbers("1", "0.5")
    g.derivatives("E", {"x[1]": by[0], "x[2]": by[1]}
                  | {f"w[{j + 1},{i + 1}]": c[j] * x[i] for j in range(3) for i in range(2)})
    return g


def checked_layer():
    g = Golden("gradient_check.exercise_4")
    x1, x2 = numbers("1", "-0.5")
    p = dict(zip(("w1", "w2", "b"), numbers("0.6", "0.4", "0.2")))

    def out(p):
        return mp.tanh(p["w1"] * x1 + p["w2"] * x2 + p["b"])

    delta = out(p) * (1 - out(p) ** 2)
    g.row("y", out(p))
    return finish(g, lambda p: out(p) ** 2 / 2, "E", p, {"w1": delta * x1, "w2": delta * x2, "b": delta}, "0.1")


def normalised(name, x, gamma, beta, loss, by_y, rate):
    """y = gamma xhat + beta: by xhat it is gamma times that by y, by x (g - mean g - xhat mean(g xhat))/sqrt(v)."""
    g = Golden(name)
    x = numbers(*x)
    n = range(len(x))
    p = {f"x[{k + 1}]": x[k] for k in n} | {"gamma": mpf(gamma), "beta": mpf(beta)}

    def forward(p):
        x = [p[f"x[{k + 1}]"] for k in n]
        mu = sum(x) / len(x)
        v = sum((one - mu) ** 2 for one in x) / len(x)
        hat = [(one - mu) / mp.sqrt(v) for one in x]
        return mu, v, hat, [p["gamma"] * one + p["beta"] for one in hat]

    mu, v, hat, y = forward(p)
    dy = by_y(y)
    by_hat = [p["gamma"] * d for d in dy]
    mean, along = sum(by_hat) / len(x), sum(a * b for a, b in zip(by_hat, hat)) / len(x)
    gradient = {f"x[{k + 1}]": (by_hat[k] - mean - hat[k] * along) / mp.sqrt(v) for k in n}
    gradient |= {"gamma": sum(a * b for a, b in zip(dy, hat)), "beta": sum(dy)}
    g.rows({"mu": mu, "v": v} | {f"xhat[{k + 1}]": hat[k] for k in n})
    return finish(g, lambda p: loss(forward(p)[3]), "L", p, gradient, rate)


def squashed_loss(y):
    return sum((sigmoid(one) - t) ** 2 for one, t in zip(y, (0, 0, 1))) / 2


def squashed_slopes(y):
    return [(sigmoid(one) - t) * sigmoid(one) * sigmoid(-one) for one, t in zip(y, (0, 0, 1))]


def tables():
    return [mazur_1(), mazur_2_outputs("mazur.exercise_2", logistic), mazur_2_outputs("mazur.exercise_3", tanh),
            five_tanhs(), short_cut(), wide("vanishing.wide_small", mpf("0.1")),
            wide("vanishing.wide_he", mp.sqrt(mpf(2) / 16)), wide("vanishing.wide_large", mpf(1)),
            recurrence("exploding.exercise_1", ("1", "0.5", "0"), "2", {"w": "1.5", "u": "1"}, False, "0.1"),
            recurrence("exploding.exercise_3", ("0.1", "0", "0"), "0.5", {"w": "2"}, True, "0.1"),
            nearly_alike(), one_layer_of_relu(), backwards(), checked_layer(),
            normalised("batch_norm.exercise_1", ("0", "1", "5"), "2", "1", lambda y: y[1],
                       lambda y: numbers("0", "1", "0"), None),
            normalised("batch_norm.exercise_4", ("1", "2", "6"), "1.5", "-0.5", squashed_loss, squashed_slopes, "0.5")]
