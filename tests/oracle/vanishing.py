"""Ten layers of one neuron each: net_l = w h_(l-1) + b, h_l = f(net_l), E = (y - h_10)^2/2.

    dE/dnet_10 = (h_10 - y) f'(net_10), dE/dnet_l = dE/dnet_(l+1) w f'(net_l)
    dE/dw_l = dE/dnet_l h_(l-1), dE/db_l = dE/dnet_l
"""

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


def tables():
    return [layers("vanishing", logistic, "1", "0", "0.5"),
            layers("vanishing.ten_relus", rectified, "1", "0", "0.01"),
            layers("vanishing.steeper", logistic, "4", "-2", "0.5"),
            layers("vanishing.too_steep", rectified, "2", "0", "0.01")]
