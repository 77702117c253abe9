"""Batch normalisation of x = 1, 2, 3, 4, of which the first output is the loss.

    mu = mean x, v = mean (x - mu)^2, xhat = (x - mu)/sqrt(v), y = gamma xhat + beta
    dL/dxhat = gamma g, dL/dgamma = sum g xhat, dL/dbeta = sum g
    dL/dx = gamma/(N sqrt v) (N g - sum g - xhat sum g xhat)
    with mu and v held: gamma g/sqrt(v); with v held: gamma (g - mean g)/sqrt(v)
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers

X = numbers("1", "2", "3", "4")
G = numbers("1", "0", "0", "0")


def normal(x, less=0):
    mu = sum(x) / len(x)
    v = sum((t - mu) ** 2 for t in x) / (len(x) - less)
    return mu, v, [(t - mu) / mp.sqrt(v) for t in x]


def family(name, values):
    return {f"{name}[{k}]": value for k, value in enumerate(values, 1)}


def back(x, g):
    n, (_, v, xhat) = len(x), normal(x)
    gx = sum(a * b for a, b in zip(g, xhat))
    return [(n * a - sum(g) - b * gx) / (n * mp.sqrt(v)) for a, b in zip(g, xhat)]


def four():
    g = Golden("batch_norm")
    mu, v, xhat = normal(X)
    g.rows({"mu": mu, "v": v, **family("xhat", xhat), **family("y", xhat), "L": xhat[0]})
    g.rows({"dxhat[1]/dx[1]:direct": 1 / mp.sqrt(v), "dxhat[1]/dmu:direct": -1 / mp.sqrt(v),
            "dxhat[1]/dv": -xhat[0] / (2 * v), "dmu/dx[1]": mpf(1) / 4, "dv/dx[1]:direct": (X[0] - mu) / 2})
    g.derivatives("L", {"y[1]": 1, "xhat[1]": 1, "v": -xhat[0] / (2 * v), "mu": -1 / mp.sqrt(v),
                        "beta": 1, "gamma": xhat[0]})
    dx = back(X, G)
    confirm(lambda p: normal([p[k] for k in range(4)])[2][0], dict(enumerate(X)), dict(enumerate(dx)))
    g.derivatives("L", family("x", dx))
    return g


def held(name, dx):
    g = Golden(name)
    g.row("L", normal(X)[2][0])
    g.derivatives("L", family("x", dx))
    return g


def batch():
    g = Golden("batch_norm.batch")
    mu, v, xhat = normal(X)
    g.rows({"mu": mu, "v": v, "loss": xhat[0], "dloss/dgamma": xhat[0], "dloss/dbeta": 1,
            "gamma+": 1 - xhat[0] / 10, "beta+": -mpf(1) / 10})
    return g


def tables():
    root = mp.sqrt(normal(X)[1])
    return [four(), held("batch_norm.both_held", [t / root for t in G]),
            held("batch_norm.spread_held", [(t - mpf(1) / 4) / root for t in G]), batch()]
