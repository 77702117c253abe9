"""Ten layers of one neuron each: net_l = w h_(l-1) + b, h_l = f(net_l), E = (y - h_10)^2/2.

    dE/dnet_10 = (h_10 - y) f'(net_10), dE/dnet_l = dE/dnet_(l+1) w f'(net_l)
    dE/dw_l = dE/dnet_l h_(l-1), dE/db_l = dE/dnet_l

The same for four examples k at once, E = sum_k (y_k - h_10k)^2/8: norm_l is the root of the sum of (dE/dnet_lk)^2.

normalised  n = (net - mu)/sqrt(v) over k; with g = dE/dn: dE/dnet = (g - mean g - n mean(g n))/sqrt(v)
ten_lstm    one LSTM cell without input, from c_0 = h_0 = x; all weights are the one w; norm is that of dE/dc_l
ten_gru     one GRU cell likewise; norm is that of dE/dh_l
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid

LAYERS = range(1, 11)


def logistic(x):
    return sigmoid(x), sigmoid(x) * sigmoid(-x)


def rectified(x):
    return max(mpf(0), x), mpf(x > 0)


def layers(name, function, weight, bias, rate):
    g = Golden(name)
    x, y, weight, bias, rate = numbers("0.8", "1", weight, bias, rate)

    def forward(v):
        h, net = {0: x}, {}
        for l in LAYERS:
            net[l] = v[f"w[{l}]"] * h[l - 1] + v[f"b[{l}]"]
            h[l] = function(net[l])[0]
        return net, h

    params = {f"w[{l}]": weight for l in LAYERS} | {f"b[{l}]": bias for l in LAYERS}
    net, h = forward(params)
    g.rows({f"net[{l}]": net[l] for l in LAYERS})
    g.rows({f"h[{l}]": h[l] for l in LAYERS})
    g.row("E", (y - h[10]) ** 2 / 2)
    by_h = h[10] - y
    by_net = {}
    for l in reversed(LAYERS):
        by_net[l] = by_h * function(net[l])[1]
        by_h = by_net[l] * weight
    gradient = {f"w[{l}]": by_net[l] * h[l - 1] for l in LAYERS} | {f"b[{l}]": by_net[l] for l in LAYERS}
    confirm(lambda v: (y - forward(v)[1][10]) ** 2 / 2, params, gradient)
    g.derivatives("E", {f"net[{l}]": by_net[l] for l in LAYERS} | gradient)
    g.updates(params, gradient, rate)
    return g


# ---- Four examples at once

X, Y = numbers("0.2", "0.5", "0.8", "1.1"), numbers("0", "1", "1", "0")
B = len(X)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def add_norms(g, by):
    norm = {l: mp.sqrt(sum(d ** 2 for d in by[l])) for l in LAYERS}
    g.rows({f"norm[{l}]": norm[l] for l in LAYERS} | {"left": norm[1] / norm[10]})


def loss_of(outputs):
    return sum((y - h) ** 2 for y, h in zip(Y, outputs)) / (2 * B)


def four(name, function, weight, bias="0"):
    g = Golden(name)
    weight, bias = numbers(weight, bias)
    h, slope = {0: X}, {}
    for l in LAYERS:
        both = [function(weight * before + bias) for before in h[l - 1]]
        h[l], slope[l] = [b[0] for b in both], [b[1] for b in both]
    g.row("E", loss_of(h[10]))
    by_h, by = [(h[10][k] - Y[k]) / B for k in range(B)], {}
    for l in reversed(LAYERS):
        by[l] = [by_h[k] * slope[l][k] for k in range(B)]
        by_h = [weight * d for d in by[l]]
    g.derivatives("E", {f"w[{l}]": sum(d * h for d, h in zip(by[l], h[l - 1])) for l in LAYERS})
    add_norms(g, by)
    return g


def normalised():
    g = Golden("vanishing.normalised")

    def forward(w):
        h, n, v = {0: X}, {}, {}
        for l in LAYERS:
            net = [w[f"w[{l}]"] * before for before in h[l - 1]]
            mu = mean(net)
            v[l] = mean((x - mu) ** 2 for x in net)
            n[l] = [(x - mu) / mp.sqrt(v[l]) for x in net]
            h[l] = [sigmoid(x) for x in n[l]]
        return h, n, v

    params = {f"w[{l}]": mpf(1) for l in LAYERS}
    h, n, v = forward(params)
    g.rows({f"v[{l}]": v[l] for l in LAYERS} | {"E": loss_of(h[10])})
    by_h, by = [(h[10][k] - Y[k]) / B for k in range(B)], {}
    for l in reversed(LAYERS):
        by_n = [by_h[k] * h[l][k] * (1 - h[l][k]) for k in range(B)]
        along = mean(by_n[k] * n[l][k] for k in range(B))
        by[l] = [(by_n[k] - mean(by_n) - n[l][k] * along) / mp.sqrt(v[l]) for k in range(B)]
        by_h = by[l]
    # The weight only scales what is scaled again: its derivative is 0.
    confirm(lambda w: loss_of(forward(w)[0][10]), params, {name: mpf(0) for name in params})
    confirm(lambda w: loss_of(forward_from(w)), {f"x{k}": X[k] for k in range(B)},
            {f"x{k}": by[1][k] for k in range(B)})
    add_norms(g, by)
    return g


def forward_from(x):
    """The outputs of `normalised` for other inputs; all weights are 1."""
    h = list(x.values())
    for _ in LAYERS:
        mu = mean(h)
        v = mean((one - mu) ** 2 for one in h)
        h = [sigmoid((one - mu) / mp.sqrt(v)) for one in h]
    return h


def lstm_forward(x, w, keep):
    h, c, gates = {0: x}, {0: x}, {}
    for l in LAYERS:
        net = w * h[l - 1]
        f, i, a, o = sigmoid(net + keep), sigmoid(net), mp.tanh(net), sigmoid(net)
        c[l] = f * c[l - 1] + i * a
        h[l] = o * mp.tanh(c[l])
        gates[l] = (f, i, a, o)
    return h, c, gates


def ten_lstm():
    g = Golden("vanishing.ten_lstm")
    w, keep = numbers("1", "2")
    by = {l: [] for l in LAYERS}
    outputs, by_w, by_keep = [], mpf(0), mpf(0)
    for x, y in zip(X, Y):
        h, c, gates = lstm_forward(x, w, keep)
        outputs.append(h[10])
        dh, dc = (h[10] - y) / B, mpf(0)
        for l in reversed(LAYERS):
            f, i, a, o = gates[l]
            squashed = mp.tanh(c[l])
            dc += dh * o * (1 - squashed ** 2)
            by[l].append(dc)
            net_f = dc * c[l - 1] * f * (1 - f)
            net = (net_f + dc * a * i * (1 - i) + dc * i * (1 - a ** 2) + dh * squashed * o * (1 - o))
            by_w += net * h[l - 1]
            by_keep += net_f
            dh, dc = w * net, dc * f
    g.row("E", loss_of(outputs))
    confirm(lambda v: loss_of([lstm_forward(x, v["w"], v["keep"])[0][10] for x in X]),
            {"w": w, "keep": keep}, {"w": by_w, "keep": by_keep})
    g.derivatives("E", {"w": by_w, "keep": by_keep})
    add_norms(g, by)
    return g


def gru_forward(x, w, keep):
    h, gates = {0: x}, {}
    for l in LAYERS:
        z, r = sigmoid(w * h[l - 1] - keep), sigmoid(w * h[l - 1])
        a = mp.tanh(w * r * h[l - 1])
        h[l] = (1 - z) * h[l - 1] + z * a
        gates[l] = (z, r, a)
    return h, gates


def ten_gru():
    g = Golden("vanishing.ten_gru")
    w, keep = numbers("1", "2")
    by = {l: [] for l in LAYERS}
    outputs, by_w, by_keep = [], mpf(0), mpf(0)
    for x, y in zip(X, Y):
        h, gates = gru_forward(x, w, keep)
        outputs.append(h[10])
        dh = (h[10] - y) / B
        for l in reversed(LAYERS):
            z, r, a = gates[l]
            before = h[l - 1]
            by[l].append(dh)
            net_z = dh * (a - before) * z * (1 - z)
            net_a = dh * z * (1 - a ** 2)
            net_r = net_a * w * before * r * (1 - r)
            by_w += (net_z + net_r) * before + net_a * r * before
            by_keep -= net_z
            dh = dh * (1 - z) + w * (net_z + net_r + net_a * r)
    g.row("E", loss_of(outputs))
    confirm(lambda v: loss_of([gru_forward(x, v["w"], v["keep"])[0][10] for x in X]),
            {"w": w, "keep": keep}, {"w": by_w, "keep": by_keep})
    g.derivatives("E", {"w": by_w, "keep": by_keep})
    add_norms(g, by)
    return g


def ceiling():
    g = Golden("vanishing.ceiling")
    g.row("ten", mpf(4) ** -10)
    return g


def exercise_3():
    g = Golden("vanishing.exercise_3")
    h0, w, b = numbers("0.5", "1", "0")
    h, slope = logistic(w * h0 + b)
    g.rows({"net": w * h0 + b, "h": h})
    g.derivatives("h", {"net": slope, "w": slope * h0, "b": slope, "h0": slope * w})
    return g


def tables():
    return [layers("vanishing", logistic, "1", "0", "0.5"),
            layers("vanishing.ten_relus", rectified, "1", "0", "0.01"),
            layers("vanishing.steeper", logistic, "4", "-2", "0.5"),
            four("vanishing.four_sigmoids", logistic, "1"), four("vanishing.four_relus", rectified, "1"),
            four("vanishing.four_steeper", logistic, "4", "-2"), normalised(), ten_lstm(), ten_gru(),
            ceiling(),
            exercise_3()]
