"""Softmax and cross-entropy, three cases.

    e_k = e^(z_k - c),  S = sum e_k,  p_k = e_k/S,  L = -sum y_k ln p_k,  sum y_k = 1

    dL/dp_k = -y_k/p_k
    dL/dS   = -sum dL/dp_k e_k/S^2 = 1/S
    dL/de_k = dL/dp_k/S + dL/dS = (1 - y_k/p_k)/S
    dL/dz_k = dL/de_k e_k = p_k - y_k
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers

TF = "TensorFlow, tensorflow/python/kernel_tests/xent_op_test.py"
NOTEBOOK = "course notebook, github.com/GuyLewy/ml-and-stats-final"


def at(family, *index):
    return f"{family}[{','.join(str(i) for i in index)}]" if index else family


def forward(z, shift=0):
    e = [mp.exp(x - shift) for x in z]
    total = sum(e)
    return e, total, [x / total for x in e]


def loss(p, y):
    return -sum(t * mp.log(q) for t, q in zip(y, p))


def one_row(g, case, row, z, y, shift=0, share=mpf(1)):
    """The rows of one softmax; `share` is the weight of its loss in J. Gives loss and rows of J."""
    row = [row] if row else []

    def name(family, *k):
        return at(f"{case}_{family}", *row, *k)

    e, total, p = forward(z, shift)
    value = loss(p, y)
    size = range(len(z))
    for k in size:
        g.row(name("e", k), e[k])
    g.row(name("S"), total)
    for k in size:
        g.row(name("p", k), p[k])
    g.row(name("loss"), value)

    d = {}
    for k in size:
        d[name("p", k)] = -y[k] / p[k]
    d[name("S")] = 1 / total
    for k in size:
        d[name("e", k)] = (1 - y[k] / p[k]) / total
    for k in size:
        d[name("z", k)] = p[k] - y[k]
    confirm(lambda q: loss(forward([q[k] for k in size], shift)[2], y), dict(enumerate(z)),
            {k: p[k] - y[k] for k in size})
    g.derivatives(name("loss"), {n: s for n, s in d.items() if "_z[" in n})
    return value, {name("loss"): share} | {n: share * s for n, s in d.items()}


def golden():
    g = Golden("softmax_ce_gradients")
    j = mpf(0)
    of_j = {}

    for row, z, y in ((1, numbers("1", "1", "1", "1"), numbers("0", "0", "0", "1")),
                      (2, numbers("1", "2", "3", "4"), numbers("0", "0.5", "0.5", "0"))):
        value, d = one_row(g, "tf", row, z, y, shift=1)
        j += value
        of_j |= d

    given = numbers("0.1", "0.6", "0.3")
    value, d = one_row(g, "pmy", None, [mp.log(p) for p in given], numbers("0", "1", "0"))
    j += value
    of_j |= d

    mean = mpf(0)
    for row, z, target in ((1, numbers("0.1", "0.5"), 0), (2, numbers("-1", "1"), 1),
                           (3, numbers("0", "-1"), 0)):
        y = [mpf(k == target) for k in range(2)]
        value, d = one_row(g, "row", row, z, y, share=mpf(1) / 3)
        mean += value / 3
        of_j |= d
    g.row("mean_loss", mean)
    of_j["mean_loss"] = mpf(1)
    j += mean

    g.row("J", j)
    g.derivatives("J", of_j)
    print_of_tensorflow(g)
    g.printed({"dpmy_loss/dpmy_z[0]": "0.1", "dpmy_loss/dpmy_z[1]": "-0.4",
               "dpmy_loss/dpmy_z[2]": "0.3"}, source=NOTEBOOK)
    g.printed_in_double({"mean_loss": "0.45106831698704936"}, source=NOTEBOOK)
    assert (g.right, g.wrong) == (18, 5)
    return g


def print_of_tensorflow(g):
    def gradient(row, *printed):
        return {f"dtf_loss[{row}]/dtf_z[{row},{k}]": text
                for k, text in enumerate(printed) if text}

    g.printed(gradient(1, "0.25", "0.25", "0.25", "-0.75"), source=TF)
    g.misprinted("tf_loss[1]", "1.3862", "cut off, not rounded", source=TF)
    g.printed(gradient(2, "0.0321", "-0.4129", None, "0.6439"), source=TF)
    g.misprinted("dtf_loss[2]/dtf_z[2,2]", "-0.2632",
                 "off in the last digit: p was cut off to 0.2368 before 0.5 was subtracted",
                 source=TF)
    g.misprinted("tf_loss[2]", "1.9401",
                 "cut off, not rounded; the comment shows it as a list of two, but it is the sum",
                 source=TF)
    g.printed({"tf_p[2,0]": "0.032", "tf_p[2,1]": "0.087", "tf_p[2,2]": "0.237",
               "tf_p[2,3]": "0.644"}, source=TF)
    g.misprinted("tf_S[2]", "31.192", "cut off, not rounded", source=TF)
    g.printed({"tf_e[2,0]": "1", "tf_e[2,1]": "2.718", "tf_e[2,2]": "7.389"}, source=TF)
    g.misprinted("tf_e[2,3]", "20.085", "cut off, not rounded", source=TF)


def tables():
    return [golden()]
