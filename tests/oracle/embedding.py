"""Word vectors: rows V of a table are looked up, averaged and scored by a second table U.

h = mean of the rows, z = U h, p = softmax(z), L = -log p_target: dL/dz = p - y, dL/dU_w = dL/dz_w h, dL/dh = sum_w
dL/dz_w U_w, and each place of the sentence adds dL/dh/n to the row of its word.
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid


def table(*rows):
    return [numbers(*row.split()) for row in rows]


def named(family, rows):
    return {f"{family}[{w},{k}]": v for w, row in enumerate(rows) for k, v in enumerate(row, start=1)}


def softmax(z):
    e = [mp.exp(one) for one in z]
    return [one / sum(e) for one in e]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def sentence(name, tokens, source=""):
    g = Golden(name, source)
    V = table("1 0 0", "0 1 0", "0 0 1", "1 1 1")
    U = table("1 0 0", "0 1 0", "0 0 1", "0.5 0.5 0.5")
    n, d, words, target, rate = len(tokens), 3, 4, 3, mpf("0.5")

    def forward(V, U):
        h = [sum(V[t][k] for t in tokens) / n for k in range(d)]
        return h, softmax([dot(row, h) for row in U])

    h, p = forward(V, U)
    by_z = [p[w] - (w == target) for w in range(words)]
    by_h = [sum(by_z[w] * U[w][k] for w in range(words)) for k in range(d)]
    by_V = [[tokens.count(w) * by_h[k] / n for k in range(d)] for w in range(words)]
    by_U = [[by_z[w] * h[k] for k in range(d)] for w in range(words)]

    def loss(at):
        rows = {f: [[at[f"{f}[{w},{k}]"] for k in (1, 2, 3)] for w in range(words)] for f in "VU"}
        return -mp.log(forward(rows["V"], rows["U"])[1][target])

    params, gradient = named("V", V) | named("U", U), named("V", by_V) | named("U", by_U)
    confirm(loss, params, gradient)
    g.rows({f"h[{k}]": v for k, v in enumerate(h, start=1)} | {f"z[{w}]": dot(U[w], h) for w in range(words)}
           | {f"p[{w}]": v for w, v in enumerate(p)} | {"L": -mp.log(p[target])})
    g.derivatives("L", {f"p[{target}]": -1 / p[target]} | {f"z[{w}]": v for w, v in enumerate(by_z)}
                  | {f"h[{k}]": v for k, v in enumerate(by_h, start=1)} | gradient)
    g.derivatives("L", {f"e[1,{k}]": v / n for k, v in enumerate(by_h, start=1)})
    g.updates(params, gradient, rate)
    return g


def bag():
    g = sentence("embedding", [1, 2], "Harrell, Workshop, 02_backprop_math.ipynb")
    g.printed({"h[1]": "0.0", "h[2]": "0.5", "h[3]": "0.5", "z[0]": "0.0", "z[1]": "0.5", "z[2]": "0.5", "z[3]": "0.5",
               "p[0]": "0.1682", "p[1]": "0.2773", "p[2]": "0.2773", "p[3]": "0.2773", "L": "1.2827",
               "dL/dp[3]": "-3.6065", "dL/dz[0]": "0.1682", "dL/dz[1]": "0.2773", "dL/dz[2]": "0.2773",
               "dL/dz[3]": "-0.7227", "dL/dh[1]": "-0.1932", "dL/dh[2]": "-0.0841", "dL/dh[3]": "-0.0841",
               "dL/dU[0,1]": "0.", "dL/dU[1,1]": "0.", "dL/dU[2,1]": "0.", "dL/dU[3,1]": "0.",
               "dL/dU[0,2]": "0.0841", "dL/dU[1,2]": "0.1386", "dL/dU[2,2]": "0.1386", "dL/dU[3,2]": "-0.3614",
               "dL/dU[0,3]": "0.0841", "dL/dU[1,3]": "0.1386", "dL/dU[2,3]": "0.1386", "dL/dU[3,3]": "-0.3614",
               "dL/de[1,1]": "-0.0966", "dL/de[1,2]": "-0.0420", "dL/de[1,3]": "-0.0420",
               "dL/dV[0,1]": "0.", "dL/dV[1,1]": "-0.0966", "dL/dV[1,2]": "-0.042", "dL/dV[1,3]": "-0.042",
               "dL/dV[2,1]": "-0.0966", "dL/dV[2,2]": "-0.042", "dL/dV[2,3]": "-0.042", "dL/dV[3,3]": "0."})
    return g


def scored(name, V, u, tokens, n, function, rate="0.5"):
    """p = f(u times the sum of the rows over n), E = (p - 1)^2/2."""
    g = Golden(name)
    d = range(len(u))

    def forward(V, u):
        h = [sum(V[t][k] for t in tokens) / n for k in d]
        return h, function(dot(u, h))

    h, (p, slope) = forward(V, u)
    by_s = (p - 1) * slope
    gradient = named("V", [[tokens.count(w) * by_s * u[k] / n for k in d] for w in range(len(V))])
    gradient |= {f"u[{k + 1}]": by_s * h[k] for k in d}
    params = named("V", V) | {f"u[{k + 1}]": u[k] for k in d}

    def loss(at):
        rows = [[at[f"V[{w},{k + 1}]"] for k in d] for w in range(len(V))]
        return (forward(rows, [at[f"u[{k + 1}]"] for k in d])[1][0] - 1) ** 2 / 2

    confirm(loss, params, gradient)
    g.rows({"p": p, "E": (p - 1) ** 2 / 2})
    g.derivatives("E", gradient)
    g.updates(params, gradient, mpf(rate))
    return g


def exercise_3():
    g = Golden("embedding.exercise_3")
    V, U = table("1 -0.5", "0.3 0.2", "0 1"), table("0.5 0", "0 1", "1 1")
    p = softmax([dot(row, V[0]) for row in U])
    by_z = [p[w] - (w == 2) for w in range(3)]
    by_row = [sum(by_z[w] * U[w][k] for w in range(3)) for k in range(2)]
    gradient = named("V", [by_row, numbers("0", "0"), numbers("0", "0")])
    gradient |= named("U", [[z * v for v in V[0]] for z in by_z])

    def loss(at):
        row = [at["V[0,1]"], at["V[0,2]"]]
        return -mp.log(softmax([dot([at[f"U[{w},1]"], at[f"U[{w},2]"]], row) for w in range(3)])[2])

    params = named("V", V) | named("U", U)
    confirm(loss, params, gradient)
    g.rows({f"p[{w}]": v for w, v in enumerate(p)} | {"L": -mp.log(p[2])})
    g.derivatives("L", {f"z[{w}]": v for w, v in enumerate(by_z)} | gradient)
    g.updates(params, gradient, mpf("0.5"))
    return g


def logistic(s):
    return sigmoid(s), sigmoid(s) * sigmoid(-s)


def tanh(s):
    return mp.tanh(s), 1 - mp.tanh(s) ** 2


def product():
    """The row of the word that is marked 1."""
    g = Golden("embedding.product")
    g.rows({f"row[{k}]": v for k, v in enumerate(numbers("0.3", "0.7", "4"), start=1)})
    return g


def overwritten():
    """The first place of exercise 2 is given, so that word 1 gets only its second share."""
    g = Golden("embedding.overwritten")
    V, u = table("0.6 -0.4", "0.2 1"), numbers("0.5", "1")
    h = [(2 * V[1][k] + V[0][k]) / 3 for k in range(2)]
    p, slope = tanh(dot(u, h))
    by_s = (p - 1) * slope
    g.rows({"h[1]": h[0], "h[2]": h[1], "p": p, "E": (p - 1) ** 2 / 2})
    g.derivatives("E", {f"V[{w},{k + 1}]": by_s * u[k] / 3 for w in range(2) for k in range(2)})
    g.derivatives("E", {f"u[{k + 1}]": by_s * h[k] for k in range(2)})
    return g


def tables():
    return [bag(), sentence("embedding.twice", [1, 2, 1]),
            scored("embedding.exercise_1", table("0.5 -1", "2 0.3", "0.4 0.8"), numbers("1", "0.5"), [0, 2], 1, logistic),
            scored("embedding.exercise_2", table("0.6 -0.4", "0.2 1"), numbers("0.5", "1"), [1, 0, 1], 3, tanh),
            exercise_3(),
            product(),
            overwritten()]
