"""Batch normalisation of x = 1, 2, 3, 4, of which the first output is the loss.

    mu = mean x, v = mean (x - mu)^2, xhat = (x - mu)/sqrt(v), y = gamma xhat + beta
    dL/dxhat = gamma g, dL/dgamma = sum g xhat, dL/dbeta = sum g
    dL/dx = gamma/(N sqrt v) (N g - sum g - xhat sum g xhat)
    with mu and v held: gamma g/sqrt(v); with v held: gamma (g - mean g)/sqrt(v)
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid

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


def formula():
    g = Golden("batch_norm.formula")
    mu, v, xhat = normal(X)
    g.rows({"mu": mu, "v": v, **family("xhat", xhat), "sum_g": 1, "sum_gx": xhat[0], **family("dx", back(X, G))})
    return g


def checks():
    """The sums of the gradient, and of it times xhat, are 0: in a double they are roundings."""
    g = Golden("batch_norm.checks")
    mu, v, xhat = normal(X)
    dx = back(X, G)
    assert max(abs(sum(dx)), abs(sum(a * b for a, b in zip(dx, xhat)))) < mpf("1e-45")
    g.rows({"mu": mu, "v": v, **family("xhat", xhat), "L": xhat[0], **family("d", dx)})
    g.derivatives("L", family("x", dx))
    return g


def own_only():
    """The other three are given: what is left of the derivative is the first's own."""
    g = Golden("batch_norm.own_only")
    mu, v, xhat = normal(X)
    g.rows({"mu": mu, "v": v, "xhat": xhat[0], "L": xhat[0]})
    g.derivatives("L", family("x", [back(X, G)[0], 0, 0, 0]))
    return g


def sample_variance():
    """v = sum (x - mu)^2/(n - 1), so dv/dx = 2(x - mu)/(n - 1)."""
    g = Golden("batch_norm.sample_variance")
    mu, v, xhat = normal(X, 1)
    dx = [((k == 0) - mpf(1) / 4 - xhat[0] * t / 3) / mp.sqrt(v) for k, t in enumerate(xhat)]
    confirm(lambda p: normal([p[k] for k in range(4)], 1)[2][0], dict(enumerate(X)), dict(enumerate(dx)))
    g.rows({"mu": mu, "v": v, **family("xhat", xhat), "L": xhat[0]})
    g.derivatives("L", family("x", dx))
    return g


def shifted():
    g = Golden("batch_norm.shifted")
    x = numbers("30", "40", "50", "60")
    mu, v, xhat = normal(x)
    by_hat = [sigmoid(t) * sigmoid(-t) for t in xhat]
    dx = [sigmoid(t) * sigmoid(-t) + d for t, d in zip(x, back(x, by_hat))]
    confirm(lambda p: sum(sigmoid(p[k]) + sigmoid(t) for k, t in enumerate(normal([p[k] for k in range(4)])[2])),
            dict(enumerate(x)), dict(enumerate(dx)))
    h, n = [sigmoid(t) for t in x], [sigmoid(t) for t in xhat]
    g.rows({**family("h", h), "mu": mu, "v": v, **family("xhat", xhat), **family("n", n), "L": sum(h) + sum(n)})
    g.derivatives("L", family("xhat", by_hat) | family("x", dx))
    return g


def alike():
    """Without eps 0/0 is no number."""
    g = Golden("batch_norm.alike")
    g.rows({"mu": 3, "v": 0, "with": 0})
    return g


def any_loss(name, x, loss, by_hat):
    """A loss of xhat, whose derivatives by it are given."""
    g = Golden(name)
    mu, v, xhat = normal(x)
    g.rows({"mu": mu, "v": v, **family("xhat", xhat), "L": loss(xhat)})
    dx = back(x, by_hat(xhat))
    confirm(lambda p: loss(normal([p[k] for k in range(len(x))])[2]), dict(enumerate(x)), dict(enumerate(dx)))
    g.derivatives("L", family("xhat", by_hat(xhat)) | family("x", dx))
    return g


def exercises():
    """Of two numbers xhat is -1 and 1 whatever they are; what moves or stretches all, as w and b do, moves no xhat."""
    return [any_loss("batch_norm.exercise_2", numbers("3", "7"), lambda h: h[0] ** 2 + 3 * h[1], lambda h: [2 * h[0], 3]),
            any_loss("batch_norm.exercise_3", numbers("1.7", "2.7", "6.7"), lambda h: h[0] * h[2],
                     lambda h: [h[2], 0, h[0]])]


def tables():
    root = mp.sqrt(normal(X)[1])
    return [four(), held("batch_norm.both_held", [t / root for t in G]),
            held("batch_norm.spread_held", [(t - mpf(1) / 4) / root for t in G]), batch(),
            formula(),
            checks(),
            own_only(),
            sample_variance(),
            shifted(),
            alike(),
            *exercises()]
