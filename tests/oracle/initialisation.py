"""Initial weights: zeros, alike, and ten layers of sixteen neurons with weights of three spreads.

zeros, alike  h_j = tanh(w_j x), p = sum v_j h_j, E = (p - y)^2/2: dE/dv_j = (p - y) h_j,
              dE/dw_ji = (p - y) v_j (1 - h_j^2) x_i
coins, half   all four sums +-s x1 +- s x2: their mean square is s^2 (x1^2 + x2^2), behind relu half of it
ten layers    net_l = w_l h_(l-1), E = (y - sum h_10)^2/2: by h_10 it is sum h_10 - y, by net_l that times f'(net_l),
              by h_(l-1) the sum over the neurons above; q_l and g_l are mean and sum of the squares
"""

from mpmath import mp

import draws
from oracle import Golden, confirm, mpf, numbers

N, D = 16, 10
NEURONS, LAYERS = range(1, N + 1), range(1, D + 1)


def two_neurons(name, w, v):
    g = Golden(name)
    x, y, rate = numbers("1", "0.5"), mpf(1), mpf("0.5")
    params = {f"w[{j},{i}]": mpf(w[j - 1]) for j in (1, 2) for i in (1, 2)}
    params |= {f"v[{j}]": mpf(v[j - 1]) for j in (1, 2)}

    def forward(at):
        h = {j: mp.tanh(sum(at[f"w[{j},{i}]"] * x[i - 1] for i in (1, 2))) for j in (1, 2)}
        return h, sum(at[f"v[{j}]"] * h[j] for j in (1, 2))

    def gradient_of(at):
        h, p = forward(at)
        slope = {f"w[{j},{i}]": (p - y) * at[f"v[{j}]"] * (1 - h[j] ** 2) * x[i - 1] for j in (1, 2) for i in (1, 2)}
        return slope | {f"v[{j}]": (p - y) * h[j] for j in (1, 2)}

    h, p = forward(params)
    g.rows({"h[1]": h[1], "h[2]": h[2], "p": p, "E": (p - y) ** 2 / 2})
    gradient = gradient_of(params)
    confirm(lambda at: (forward(at)[1] - y) ** 2 / 2, params, gradient)
    g.derivatives("E", gradient)
    g.updates(params, gradient, rate)
    for update in range(1, 101):
        slope = gradient_of(params)
        params = {name: value - rate * slope[name] for name, value in params.items()}
        if update in (10, 100):
            g.rows(params, f"#{update + 1}")
    return g


def coins():
    g = Golden("initialisation.coins")
    s, x1, x2 = numbers("0.5", "3", "4")
    g.rows({"n1": s * (x1 + x2), "n2": s * (x1 - x2), "n3": s * (x2 - x1), "n4": -s * (x1 + x2),
            "square_out": s ** 2 * (x1 ** 2 + x2 ** 2), "square_in": (x1 ** 2 + x2 ** 2) / 2, "factor": 2 * s ** 2,
            "foretold": s ** 2 * (x1 ** 2 + x2 ** 2)})
    return g


def half():
    g = Golden("initialisation.half")
    s, x1, x2 = numbers("0.5", "3", "4")
    g.rows({"square_sum": s ** 2 * (x1 ** 2 + x2 ** 2), "square_relu": s ** 2 * (x1 ** 2 + x2 ** 2) / 2})
    return g


def xavier():
    g = Golden("initialisation.xavier")
    into, out = mpf(16), mpf(4)
    variance = 2 / (into + out)
    g.rows({"variance_in": 1 / into, "variance_out": 1 / out, "variance": variance, "forward": into * variance,
            "backward": out * variance, "limit": mp.sqrt(6 / (into + out))})
    return g


def tanh(x):
    return mp.tanh(x), 1 - mp.tanh(x) ** 2


def relu(x):
    return max(mpf(0), x), mpf(x > 0)


def deep(x, y, function, spread):
    """The outputs of every layer from 0, and the loss's derivatives by every sum."""
    w = {l: [[spread * draws.normal("w", l, j, i) for i in NEURONS] for j in NEURONS] for l in LAYERS}
    h, slope, by = {0: x}, {}, {}
    for l in LAYERS:
        both = [function(sum(a * b for a, b in zip(row, h[l - 1]))) for row in w[l]]
        h[l], slope[l] = [b[0] for b in both], [b[1] for b in both]
    by_h = [sum(h[D]) - y] * N
    for l in reversed(LAYERS):
        by[l] = [d * s for d, s in zip(by_h, slope[l])]
        by_h = [sum(by[l][j] * w[l][j][i] for j in range(N)) for i in range(N)]
    return h, by


def ten_layers(name, function, spread):
    g = Golden(name)
    x = [mpf(-1 if j in (2, 5, 7, 12) else 1) for j in NEURONS]
    h, by = deep(x, mpf(1), function, spread)
    g.row("E", (1 - sum(h[D])) ** 2 / 2)
    g.rows({f"q[{l}]": sum(one ** 2 for one in h[l]) / N for l in range(D + 1)})
    g.rows({f"g[{l}]": sum(one ** 2 for one in by[l]) for l in LAYERS})
    if function is relu:
        g.row("foretold", (N * spread ** 2 / 2) ** D)
    return g


def relu_many():
    """The first of ten layers of 64 neurons: more draws would take long."""
    g = Golden("initialisation.relu_many")
    many = range(1, 65)
    x = [mpf(-1 if j in (2, 5, 7, 12) else 1) for j in many]
    spread = mp.sqrt(mpf(2) / 64)
    h = [max(mpf(0), sum(spread * draws.normal("w", 1, j, i) * one for i, one in zip(many, x))) for j in many]
    g.rows({"q[0]": 1, "q[1]": sum(one ** 2 for one in h) / 64})
    return g


def he_spread():
    g = Golden("initialisation.he_spread")
    g.row("s", mp.sqrt(mpf(2) / 3))
    return g


def tables():
    small, right, he, large = mpf("0.1"), mp.sqrt(mpf(1) / N), mp.sqrt(mpf(2) / N), mpf(1)
    return [two_neurons("initialisation", "0000", "00"),
            two_neurons("initialisation.alike", ["0.5"] * 4, ["0.5"] * 2),
            coins(), half(), xavier(),
            ten_layers("initialisation.tanh_small", tanh, small),
            ten_layers("initialisation.tanh_right", tanh, right),
            ten_layers("initialisation.tanh_large", tanh, large),
            ten_layers("initialisation.relu_xavier", relu, right),
            ten_layers("initialisation.relu_he", relu, he),
            ten_layers("initialisation.relu_large", relu, large),
            relu_many(), he_spread()]
