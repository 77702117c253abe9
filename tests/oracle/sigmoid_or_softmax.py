"""Softmax and sigmoids on the same scores.

    softmax:  p_k = e^(z_k)/S, L = -sum y_k ln p_k, dL/dz_k = p_k sum(y) - y_k, dp_j/dz_k = p_j([j = k] - p_k)
    sigmoids: p_k = 1/(1 + e^(-z_k)), L = -sum(y_k ln p_k + (1 - y_k) ln(1 - p_k)), dL/dz_k = p_k - y_k
"""

from mpmath import mp

from oracle import Golden, confirm, numbers, sigmoid

Z = numbers("2", "1", "0.1")


def softmax(z):
    total = sum(mp.exp(x) for x in z)
    return total, [mp.exp(x) / total for x in z]


def softmax_loss(z, y):
    return -sum(t * mp.log(p) for t, p in zip(y, softmax(z)[1]))


def label_losses(z, y):
    return [-(t * mp.log(sigmoid(x)) + (1 - t) * mp.log(1 - sigmoid(x))) for x, t in zip(z, y)]


def by_scores(g, loss, gradient):
    confirm(lambda v: loss([v[k] for k in range(3)]), dict(enumerate(Z)), dict(enumerate(gradient)))
    g.derivatives("L", {f"z[{k}]": value for k, value in enumerate(gradient)})


def by_softmax(name, *target, updates=0, rate="1"):
    g = Golden(name)
    y = numbers(*target)
    total, p = softmax(Z)
    g.row("S", total)
    g.rows({f"p[{k}]": value for k, value in enumerate(p)})
    g.row("L", softmax_loss(Z, y))
    g.derivatives("L", {f"p[{k}]": -t / q for k, (t, q) in enumerate(zip(y, p))})
    by_scores(g, lambda z: softmax_loss(z, y), [q * sum(y) - t for q, t in zip(p, y)])
    g.rows({f"dp[{j}]/dz[0]": p[j] * ((j == 0) - p[0]) for j in range(3)})
    z = list(Z)
    for _ in range(updates):
        p = softmax(z)[1]
        z = [x - numbers(rate)[0] * (q * sum(y) - t) for x, q, t in zip(z, p, y)]
    if updates:
        g.rows({f"p[{k}]#{updates + 1}": value for k, value in enumerate(softmax(z)[1])})
    return g


def by_sigmoids(name, *target, updates=0, rate="1"):
    g = Golden(name)
    y = numbers(*target)
    p = [sigmoid(x) for x in Z]
    g.rows({f"p[{k}]": value for k, value in enumerate(p)})
    g.row("L", sum(label_losses(Z, y)))
    g.derivatives("L", {f"p[{k}]": -t / q + (1 - t) / (1 - q) for k, (t, q) in enumerate(zip(y, p))})
    by_scores(g, lambda z: sum(label_losses(z, y)), [q - t for q, t in zip(p, y)])
    g.rows({"dp[0]/dz[0]": p[0] * (1 - p[0]), "dp[1]/dz[0]": 0, "dp[2]/dz[0]": 0})
    z = list(Z)
    for _ in range(updates):
        z = [x - numbers(rate)[0] * (sigmoid(x) - t) for x, t in zip(z, y)]
    if updates:
        g.rows({f"p[{k}]#{updates + 1}": sigmoid(x) for k, x in enumerate(z)})
        g.row(f"L#{updates + 1}", sum(label_losses(z, y)))
    return g


def exercises():
    three, one, part = (Golden(f"sigmoid_or_softmax.exercise_{i}") for i in (1, 2, 3))
    z = numbers("-1", "0", "3")
    y = numbers("1", "1", "0")
    p = [sigmoid(x) for x in z]
    three.rows({f"p[{k}]": value for k, value in enumerate(p)} | {"L": sum(label_losses(z, y))})
    three.derivatives("L", {f"z[{k}]": q - t for k, (q, t) in enumerate(zip(p, y))})
    y = numbers("0", "1", "0")
    p = softmax(z)[1]
    one.rows({f"p[{k}]": value for k, value in enumerate(p)} | {"L": softmax_loss(z, y)})
    one.derivatives("L", {f"z[{k}]": q - t for k, (q, t) in enumerate(zip(p, y))})
    part.rows({"p": mp.mpf("0.5"), "L": mp.log(2), "dL/dz": mp.mpf("-0.25")})
    return [three, one, part]


def two():
    """Softmax of two is the sigmoid of their difference."""
    g = Golden("sigmoid_or_softmax.two")
    total, p = softmax(Z[:2])
    assert abs(p[0] - sigmoid(Z[0] - Z[1])) < mp.mpf("1e-45")
    g.rows({"S": total, "by_softmax": p[0], "by_sigmoid": p[0]})
    return g


def written_twice():
    """-log(1 - p) = log(1 + e^z), with slope p; at 40 a double has 1 for p, and 1 - p is 0."""
    g = Golden("sigmoid_or_softmax.written_twice")
    near, far = numbers("2", "40")
    g.rows({"p_near": sigmoid(near), "p_far": sigmoid(far), "by_p_near": mp.log(1 + mp.exp(near)),
            "by_z_near": mp.log(1 + mp.exp(near)), "by_z_far": mp.log(1 + mp.exp(far)), "slope_z": sigmoid(far)})
    return g


def at_best():
    """z = log 3 makes p = 3/4 = y; the slope there is 0, in a double a rounding."""
    g = Golden("sigmoid_or_softmax.at_best")
    y = mp.mpf("0.75")
    g.rows({"p": y, "L": -y * mp.log(y) - (1 - y) * mp.log(1 - y)})
    return g


def tables():
    return [by_softmax("sigmoid_or_softmax", "1", "0", "0"),
            by_sigmoids("sigmoid_or_softmax.labels", "1", "0", "0"),
            by_softmax("sigmoid_or_softmax.both_by_softmax", "1", "0", "1", updates=100, rate="0.5"),
            by_sigmoids("sigmoid_or_softmax.both_by_sigmoids", "1", "0", "1", updates=100, rate="0.5"), *exercises(),
            two(),
            by_softmax("sigmoid_or_softmax.none_by_softmax", "0", "0", "0"),
            by_sigmoids("sigmoid_or_softmax.none_by_sigmoids", "0", "0", "0"),
            written_twice(),
            at_best()]
