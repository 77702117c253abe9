"""Softmax and cross-entropy, the long way and the short way.

    p_k = e^(z_k)/sum, L = -sum y_k ln p_k, sum y_k = 1
    dL/dp_k = -y_k/p_k, dL/dS = 1/S, dL/de_k = (1 - y_k/p_k)/S, dL/dz_k = p_k - y_k
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers

TF = "TensorFlow, tensorflow/python/kernel_tests/xent_op_test.py"


def family(name, values):
    return {f"{name}[{k}]": value for k, value in enumerate(values)}


def softmax(z, shift=0):
    e = [mp.exp(x - shift) for x in z]
    return e, sum(e), [x / sum(e) for x in e]


def loss(z, y):
    return -sum(t * mp.log(p) for t, p in zip(y, softmax(z)[2]))


def minus(p, y):
    return [a - b for a, b in zip(p, y)]


def sure(g, z, y, p):
    """The gradient p - y, confirmed."""
    gradient = minus(p, y)
    confirm(lambda v: loss([v[k] for k in range(len(z))], y), dict(enumerate(z)), dict(enumerate(gradient)))
    g.derivatives("L", family("z", gradient))


def long_way():
    g = Golden("cross_entropy", TF)
    z, y = numbers("1", "2", "3", "4"), numbers("0", "0.5", "0.5", "0")
    e, total, p = softmax(z, 1)
    g.rows(family("e", e))
    g.row("S", total)
    g.rows(family("p", p))
    g.row("L", loss(z, y))
    g.derivatives("L", family("p", [-t / q for t, q in zip(y, p)]))
    g.row("dL/dS", 1 / total)
    g.derivatives("L", family("e", [(1 - t / q) / total for t, q in zip(y, p)]))
    g.rows({"dp[1]/dS": -p[1] / total, "dp[2]/dS": -p[2] / total})
    sure(g, z, y, p)
    g.printed({"dL/dz[0]": "0.0321", "dL/dz[1]": "-0.4129", "dL/dz[3]": "0.6439", "p[0]": "0.032",
               "p[1]": "0.087", "p[2]": "0.237", "p[3]": "0.644", "e[1]": "2.718", "e[2]": "7.389"})
    g.misprinted("dL/dz[2]", "-0.2632",
                 "off in the last digit: p was cut off to 0.2368 before 0.5 was subtracted")
    for name, printed in (("L", "1.9401"), ("S", "31.192"), ("e[3]", "20.085")):
        g.misprinted(name, printed, "cut off, not rounded")
    return g


def short():
    g = Golden("cross_entropy.short")
    z, y = numbers("1", "2", "3", "4"), numbers("0", "0.5", "0.5", "0")
    _, total, p = softmax(z)
    g.rows({"S": total, "L": loss(z, y), "dL/dS": 1 / total})
    g.rows({f"dS/dz[{k}]": mp.exp(x) for k, x in enumerate(z)})
    sure(g, z, y, p)
    return g


def diagonal():
    g = Golden("cross_entropy.diagonal")
    z, y = numbers("2", "1", "0.1"), numbers("1", "0", "0")
    _, total, p = softmax(z)
    g.rows({"S": total, **family("p", p), "L": -mp.log(p[0])})
    sure(g, z, y, p)
    g.rows(family("own", [-t * (1 - q) for t, q in zip(y, p)]))
    g.rows(family("extra", [(q - t) * q * (1 - q) for t, q in zip(y, p)]))
    return g


def first_class(name, *z):
    g = Golden(name)
    z, y = numbers(*z), numbers("1", "0", "0")
    top = max(z) if name.endswith("shifted") else mpf(0)
    _, total, p = softmax(z, top)
    g.rows({"S": total, "L": -mp.log(p[0]), "dL/dS": 1 / total})
    sure(g, z, y, p)
    return g


def exercises():
    result = []
    logs = [mp.log(x) for x in numbers("0.1", "0.6", "0.3")]
    for i, (z, y) in enumerate(((numbers("1", "1", "1", "1"), numbers("0", "0", "0", "1")),
                                (logs, numbers("0", "1", "0")), (numbers("0.5", "2", "1"), numbers("1", "0", "0"))), 1):
        g = Golden(f"cross_entropy.exercise_{i}")
        p = softmax(z)[2]
        g.rows(family("p", p) | {"L": loss(z, y)})
        sure(g, z, y, p)
        if i == 3:
            new = [x - d for x, d in zip(z, minus(p, y))]
            g.rows({f"z[{k}]+": x for k, x in enumerate(new)} | {"L#2": loss(new, y)})
        result.append(g)
    return result


def end_of_numbers():
    """e^710 is above the largest double."""
    g = Golden("cross_entropy.end_of_numbers")
    g.row("last", mp.exp(709))
    return g


def tables():
    return [long_way(), short(), diagonal(), first_class("cross_entropy.plain", "2", "1", "0.1"),
            first_class("cross_entropy.shifted", "1002", "1001", "1000.1"), *exercises(),
            end_of_numbers()]
