"""The four examples of the language, as tests/models/*.model: tables in tests/golden_language/.

Example 2 is small and Example 4 has given weights, so that nothing is drawn at random. Over a
batch the loss is the mean of the examples' losses; a value of example k is named `h[1]@k`.

Left out of Example 2: dL/dtop, which is exactly 0, as log(S) takes back what top adds, so that
a computation in double precision has only rounding there.
"""

from mpmath import mp

import mazur
from oracle import Golden, confirm, mpf, number, numbers, sigmoid

FOLDER = "tests/golden_language"


# Example 1: Mazur's network, its first update

def example1():
    g = Golden("example1", folder=FOLDER)
    mazur.first_step(g)
    return g


# Example 2: relu layer, softmax and cross-entropy over a batch of two, Adam

LABELS2 = [2, 0]
X2 = [numbers("1.0", "0.5", "-0.25"), numbers("0.3", "1.2", "0.9")]
N2, M2, C2 = range(1, 4), range(1, 5), range(3)


def params2():
    w1 = [numbers("0.5", "-0.3", "0.8"), numbers("-0.6", "0.4", "0.1"),
          numbers("0.2", "0.7", "-0.5"), numbers("-0.4", "-0.2", "-0.9")]
    w2 = [numbers("0.3", "-0.8", "0.6", "0.2"), numbers("-0.5", "0.9", "0.1", "-0.7"),
          numbers("0.4", "0.25", "-0.35", "0.15")]
    p = {f"w1[{j},{i}]": w1[j - 1][i - 1] for j in M2 for i in N2}
    p |= dict(zip((f"b1[{j}]" for j in M2), numbers("0.1", "-0.2", "0.05", "0")))
    p |= {f"w2[{k},{j}]": w2[k][j - 1] for k in C2 for j in M2}
    p |= dict(zip((f"b2[{k}]" for k in C2), numbers("0", "0.1", "-0.1")))
    return p


def forward2(p, x, label):
    v = {}
    for j in M2:
        v[f"net[{j}]"] = sum(p[f"w1[{j},{i}]"] * x[i - 1] for i in N2) + p[f"b1[{j}]"]
    for j in M2:
        v[f"h[{j}]"] = max(mpf(0), v[f"net[{j}]"])
    for k in C2:
        v[f"z[{k}]"] = sum(p[f"w2[{k},{j}]"] * v[f"h[{j}]"] for j in M2) + p[f"b2[{k}]"]
    z = [v[f"z[{k}]"] for k in C2]
    v["top"] = max(z)
    v["S"] = sum(mp.exp(a - v["top"]) for a in z)
    for k in C2:
        v[f"p[{k}]"] = mp.exp(z[k] - v["top"]) / v["S"]
    v["L"] = v["top"] + mp.log(v["S"]) - z[label]
    return v


def backward2(p, v, x, label):
    """One example's own derivatives: dL/dz = p - y, then back through relu."""
    d = {f"z[{k}]": v[f"p[{k}]"] - (k == label) for k in C2}
    d["S"] = 1 / v["S"]
    for j in M2:
        d[f"h[{j}]"] = sum(d[f"z[{k}]"] * p[f"w2[{k},{j}]"] for k in C2)
        d[f"net[{j}]"] = d[f"h[{j}]"] if v[f"net[{j}]"] > 0 else mpf(0)
    grad = {f"w1[{j},{i}]": d[f"net[{j}]"] * x[i - 1] for j in M2 for i in N2}
    grad |= {f"b1[{j}]": d[f"net[{j}]"] for j in M2}
    grad |= {f"w2[{k},{j}]": d[f"z[{k}]"] * v[f"h[{j}]"] for k in C2 for j in M2}
    grad |= {f"b2[{k}]": d[f"z[{k}]"] for k in C2}
    return d, grad


def batch2(p):
    """Each example's values, derivatives and gradient, the mean loss and its gradient."""
    v = [forward2(p, x, label) for x, label in zip(X2, LABELS2)]
    d, own = zip(*(backward2(p, v[k], X2[k], LABELS2[k]) for k in range(2)))
    loss = (v[0]["L"] + v[1]["L"]) / 2
    return v, d, own, loss, {name: (own[0][name] + own[1][name]) / 2 for name in p}


def adam(p, grad, m, v, t):
    """Brings the averages m and v up to date; gives the new params and the corrected averages."""
    rate, beta1, beta2, eps = numbers("0.001", "0.9", "0.999", "1e-8")
    new, corrected = {}, {}
    for name, g in grad.items():
        m[name] = beta1 * m[name] + (1 - beta1) * g
        v[name] = beta2 * v[name] + (1 - beta2) * g ** 2
        m_hat = m[name] / (1 - beta1 ** t)
        v_hat = v[name] / (1 - beta2 ** t)
        new[name] = p[name] - rate * m_hat / (mp.sqrt(v_hat) + eps)
        corrected |= {f"{name}.m_hat": m_hat, f"{name}.v_hat": v_hat}
    return new, corrected


def example2():
    g = Golden("example2_small", folder=FOLDER)
    p = params2()
    v, d, own, loss, grad = batch2(p)
    for k in (0, 1):
        g.rows(v[k], f"@{k + 1}")
    g.row("L", loss)
    for k in (0, 1):
        g.row(f"dL/dL@{k + 1}", mpf(1) / 2)
        g.rows({f"dL/d{name}": slope / 2 for name, slope in d[k].items()}, f"@{k + 1}")
        g.rows({f"dL@{k + 1}/d{name}": slope for name, slope in own[k].items()})
    confirm(lambda q: batch2(q)[3], p, grad)
    g.derivatives("L", grad)

    m = dict.fromkeys(p, mpf(0))
    s = dict.fromkeys(p, mpf(0))
    for t, suffix in ((1, ""), (2, "#2")):
        p, corrected = adam(p, batch2(p)[4], m, s, t)
        g.rows({f"{name}.m+": m[name] for name in p}, suffix)
        g.rows({f"{name}.v+": s[name] for name in p}, suffix)
        g.rows(corrected, suffix)
        g.rows({f"{name}+": p[name] for name in p}, suffix)
        g.row(f"L#{t + 1}", batch2(p)[3])
    return g


# Example 3: h_t = tanh(w h_(t-1) + u x_t) over a batch of two, loss at the last step

X3 = [numbers("1.0", "0.5", "-0.3"), numbers("0.2", "0.1", "0.4")]
Y3 = numbers("0.2", "-0.1")
PARAMS3 = {"w": number("0.5"), "u": number("1.0")}


def forward3(p, k):
    h = [mpf(0)]
    for x in X3[k]:
        h.append(mp.tanh(p["w"] * h[-1] + p["u"] * x))
    return h, (h[3] - Y3[k]) ** 2 / 2


def backward3(p, k, h):
    """dE/dh_t and the gradient: dE/ds_t = dE/dh_t (1 - h_t^2), dE/dh_(t-1) = w dE/ds_t."""
    dh = {3: h[3] - Y3[k]}
    dw = du = mpf(0)
    for t in (3, 2, 1):
        ds = dh[t] * (1 - h[t] ** 2)
        dw += ds * h[t - 1]
        du += ds * X3[k][t - 1]
        dh[t - 1] = ds * p["w"]
    return dh, {"w": dw, "u": du}


def example3():
    g = Golden("example3", folder=FOLDER)
    g.row("h[0]", 0)
    values = [forward3(PARAMS3, k) for k in (0, 1)]
    for k, (h, loss) in enumerate(values):
        g.rows({f"h[{t}]": h[t] for t in (1, 2, 3)}, f"@{k + 1}")
        g.row(f"E@{k + 1}", loss)
    g.row("E", (values[0][1] + values[1][1]) / 2)

    backs = [backward3(PARAMS3, k, values[k][0]) for k in (0, 1)]
    for k, (dh, own) in enumerate(backs):
        g.row(f"dE/dE@{k + 1}", mpf(1) / 2)
        g.rows({f"dE/dh[{t}]": dh[t] / 2 for t in (3, 2, 1)}, f"@{k + 1}")
        g.derivatives(f"E@{k + 1}", own)
    g.row("dE/dh[0]", (backs[0][0][0] + backs[1][0][0]) / 2)    # the same for both examples
    grad = {name: (backs[0][1][name] + backs[1][1][name]) / 2 for name in PARAMS3}
    confirm(lambda p: (forward3(p, 0)[1] + forward3(p, 1)[1]) / 2, PARAMS3, grad)
    g.derivatives("E", grad)
    return g


# Example 4: ten sigmoid layers without biases, a clipped momentum rule, a falling rate

N4, D4 = range(1, 7), 10
X4 = numbers("0.1", "-0.4", "0.3", "0.9", "-0.2", "0.5")
Y4, LIMIT4 = number("1"), number("0.05")


def forward4(w):
    h = {(0, j): X4[j - 1] for j in N4}
    net = {}
    for l in range(1, D4 + 1):
        for j in N4:
            net[l, j] = sum(w[l, j, i] * h[l - 1, i] for i in N4)
            h[l, j] = sigmoid(net[l, j])
    return net, h, (sum(h[D4, j] for j in N4) - Y4) ** 2 / 2


def backward4(w, h):
    dh = {(D4, j): sum(h[D4, i] for i in N4) - Y4 for j in N4}
    dnet = {}
    for l in range(D4, 0, -1):
        for j in N4:
            dnet[l, j] = dh[l, j] * h[l, j] * (1 - h[l, j])
        for i in N4:
            dh[l - 1, i] = sum(dnet[l, j] * w[l, j, i] for j in N4)
    return dh, dnet, {(l, j, i): dnet[l, j] * h[l - 1, i] for l, j, i in w}


def named(family, table, suffix=""):
    return {f"{family}[{','.join(str(i) for i in index)}]{suffix}": value
            for index, value in sorted(table.items())}


def example4():
    g = Golden("example4_given", folder=FOLDER)
    w = {(l, j, i): 2 * mp.sin(l + 2 * j + 3 * i)
         for l in range(1, D4 + 1) for j in N4 for i in N4}
    net, h, loss = forward4(w)
    g.rows(named("h", h))
    g.rows(named("net", net))
    g.row("E", loss)
    dh, dnet, grad = backward4(w, h)
    some = {index: grad[index] for index in list(grad)[::29]}
    confirm(lambda q: forward4(q)[2], w, some)
    g.derivatives("E", named("h", dh) | named("net", dnet) | named("w", grad))

    v = dict.fromkeys(w, mpf(0))
    for t, suffix in ((1, ""), (2, "#2")):
        rate = number("0.1") / (1 + number("0.01") * t)
        grad = backward4(w, forward4(w)[1])[2]
        clipped = {index: max(-LIMIT4, min(LIMIT4, grad[index])) for index in w}
        v = {index: number("0.9") * v[index] + clipped[index] for index in w}
        w = {index: w[index] - rate * v[index] for index in w}
        g.rows(named("w", clipped, ".c"), suffix)
        g.rows(named("w", v, ".v+"), suffix)
        g.rows(named("w", w, "+"), suffix)
        g.row(f"E#{t + 1}", forward4(w)[2])
    assert LIMIT4 in clipped.values() and any(abs(c) < LIMIT4 for c in clipped.values())
    return g


def tables():
    return [example1(), example2(), example3(), example4()]
