"""The checklist of the lesson on debugging: a 2-4-3 network on six irises, healthy and with faults.

h = relu(wx + b), z = vh + d, L = -log softmax(z)_y, mean over the six: by z it is (p - y)/6, by v that times h, by net
that times v where net > 0.
"""

from mpmath import mp

from oracle import ROUNDING, Golden, confirm, mpf, numbers, sigmoid

IRISES = [("1.4", "0.2", 0), ("1.7", "0.4", 0), ("4.5", "1.5", 1), ("4.0", "1.3", 1), ("6.0", "2.5", 2), ("5.1", "1.9", 2)]
W = ["0.6 -0.4", "-0.5 0.3", "0.2 0.7", "-0.3 -0.6"]
V = ["0.1 -0.1 0.05 0.1", "-0.05 0.1 0.1 -0.1", "0.1 0.05 -0.1 0.05"]
INPUTS = [([(mpf(a) - mpf("3.76")) / mpf("1.76"), (mpf(b) - mpf("1.2")) / mpf("0.76")], y) for a, b, y in IRISES]
HIDDEN, CLASSES = range(1, 5), range(3)


def start(bias="0.1", larger=1):
    p = {f"w[{j},{i}]": v for j, row in enumerate(W, start=1) for i, v in enumerate(numbers(*row.split()), start=1)}
    p |= {f"b[{j}]": mpf(bias) for j in HIDDEN}
    p |= {f"v[{k},{j}]": larger * v for k, row in enumerate(V) for j, v in enumerate(numbers(*row.split()), start=1)}
    return p | {f"d[{k}]": mpf(0) for k in CLASSES}


class Net:
    """The network with these params; with a relu behind its scores too, or without."""

    def __init__(self, params, rectified_scores=False, inputs=INPUTS):
        self.p, self.rectified, self.inputs = params, rectified_scores, inputs

    def forward(self, p):
        seen = []
        for x, y in self.inputs:
            net = {j: sum(p[f"w[{j},{i}]"] * x[i - 1] for i in (1, 2)) + p[f"b[{j}]"] for j in HIDDEN}
            h = {j: max(mpf(0), net[j]) for j in HIDDEN}
            s = [sum(p[f"v[{k},{j}]"] * h[j] for j in HIDDEN) + p[f"d[{k}]"] for k in CLASSES]
            z = [max(mpf(0), one) for one in s] if self.rectified else s
            S = sum(mp.exp(one) for one in z)
            seen.append((x, y, net, h, s, [mp.exp(one) / S for one in z], mp.log(S) - z[y]))
        return seen

    def loss(self, p=None):
        return sum(one[-1] for one in self.forward(p or self.p)) / 6

    def gradient(self):
        g = {name: mpf(0) for name in self.p}
        for x, y, net, h, s, q, _ in self.forward(self.p):
            for k in CLASSES:
                by_z = (q[k] - (k == y)) / 6 * (not self.rectified or s[k] > 0)
                g[f"d[{k}]"] += by_z
                for j in HIDDEN:
                    g[f"v[{k},{j}]"] += by_z * h[j]
                    by_net = by_z * self.p[f"v[{k},{j}]"] * (net[j] > 0)
                    g[f"b[{j}]"] += by_net
                    for i in (1, 2):
                        g[f"w[{j},{i}]"] += by_net * x[i - 1]
        return g

    def train(self, updates, rate, at):
        """The losses after each number of updates in `at`."""
        losses = {}
        for update in range(updates + 1):
            if update in at:
                losses[update] = self.loss()
            if update < updates:
                g = self.gradient()
                self.p = {name: v - rate * g[name] for name, v in self.p.items()}
        return losses


def length(g, family):
    return mp.sqrt(sum(v ** 2 for name, v in g.items() if name[0] == family))


def losses(g, net, updates, rate, at):
    g.derivatives("L", {name: d for name, d in net.gradient().items() if d == 0 or abs(d) > ROUNDING})
    for update, value in net.train(updates, mpf(rate), at).items():
        g.row(f"L#{update + 1}" if update else "L", value)


def healthy():
    g = Golden("debugging")
    net = Net(start())
    seen = net.forward(net.p)
    gradient = net.gradient()
    confirm(net.loss, net.p, gradient)
    for k, (x, _, _, h, s, q, loss) in enumerate(seen, start=1):
        g.rows({f"x[{i}]@{k}": x[i - 1] for i in (1, 2)} | {f"h[{j}]@{k}": h[j] for j in HIDDEN}
               | {f"z[{c}]@{k}": s[c] for c in CLASSES} | {f"p[{c}]@{k}": q[c] for c in CLASSES} | {f"L@{k}": loss})
    g.rows({f"alive[{j}]": mpf(sum(one[2][j] > 0 for one in seen)) / 6 for j in HIDDEN})
    g.rows({"g_v": length(gradient, "v"), "g_w": length(gradient, "w"), "chance": mp.log(3)})
    losses(g, net, 100, "0.5", (0, 1, 2, 3, 5, 10, 100))
    return g


def others():
    sure = Golden("debugging.too_sure")
    net = Net(start(larger=50))
    sure.rows({"p[2]@5": net.forward(net.p)[4][5][2]})
    losses(sure, net, 5, "0.5", (0, 5))

    relu = Golden("debugging.last_relu")
    losses(relu, Net(start(), True), 100, "0.5", (0, 10, 100))

    asleep = Golden("debugging.asleep")
    net = Net(start(bias="-2"))
    asleep.rows({f"alive[{j}]": 0 for j in HIDDEN} | {"g_v": length(net.gradient(), "v"), "g_w": length(net.gradient(), "w")})
    losses(asleep, net, 100, "0.5", (0, 100))

    unscaled = Golden("debugging.unscaled")
    net = Net(start(), inputs=[([10 * mpf(a), 10 * mpf(b)], y) for a, b, y in IRISES])
    unscaled.row("L", net.loss())
    unscaled.derivatives("L", net.gradient())
    for suffix in "", "#2":
        gradient = net.gradient()
        unscaled.rows({f"g_{family}{suffix}": length(gradient, family) for family in "vw"})
        unscaled.rows({f"alive[{j}]{suffix}": mpf(sum(one[2][j] > 0 for one in net.forward(net.p))) / 6 for j in HIDDEN})
        net.train(1, mpf("0.5"), ())
    unscaled.row("L#101", net.train(98, mpf("0.5"), (98,))[98])

    uphill = Golden("debugging.uphill")
    losses(uphill, Net(start()), 10, "-0.5", (0, 1, 2, 3, 5, 10))
    ten_times = Golden("debugging.ten_times")
    losses(ten_times, Net(start()), 10, "5", (0, 1, 2, 3, 5, 10))
    return [sure, relu, asleep, unscaled, uphill, ten_times]


def leaking():
    g = Golden("debugging.leaking")
    data = list(zip(numbers("1", "2", "3", "4", "5", "6"), numbers("1", "0", "0", "1", "1", "0")))
    fresh = list(zip(numbers("1.5", "3.5", "5.5"), numbers("0", "1", "1")))

    def bumps(x):
        return [mp.exp(-4 * (x - k) ** 2) for k in range(1, 7)]

    known = {x: bumps(x) for x, _ in data + fresh}

    def score(w, x):
        return sum(a * b for a, b in zip(w, known[x]))

    def loss(w, rows):
        return sum(mp.log(1 + mp.exp(score(w, x))) - y * score(w, x) for x, y in rows) / len(rows)

    w = [mpf(0)] * 6
    for update in range(101):
        if update in (0, 10, 100):
            suffix = f"#{update + 1}" if update else ""
            g.rows({"E" + suffix: loss(w, data), "seen" + suffix: loss(w, data[::2]), "fresh" + suffix: loss(w, fresh)})
        slope = [sum((sigmoid(score(w, x)) - y) * known[x][k] for x, y in data) / 6 for k in range(6)]
        if update == 0:
            confirm(lambda p: loss([p[k] for k in range(6)], data), dict(enumerate(w)), dict(enumerate(slope)))
        w = [a - 5 * b for a, b in zip(w, slope)]
    return g


def exercise_1():
    g = Golden("debugging.exercise_1")
    x, w = numbers("0.5", "-1"), [numbers("0.1", "-0.2"), numbers("0.3", "0.1"), numbers("-0.2", "0.1")]
    z = [sum(a * b for a, b in zip(row, x)) for row in w]
    p = [mp.exp(one) / sum(mp.exp(other) for other in z) for one in z]
    by_z = [p[k] - (k == 1) for k in CLASSES]
    g.rows({f"z[{k}]": z[k] for k in CLASSES} | {f"p[{k}]": p[k] for k in CLASSES} | {"L": -mp.log(p[1])})
    g.derivatives("L", {f"z[{k}]": by_z[k] for k in CLASSES}
                  | {f"w[{k},{i}]": by_z[k] * x[i - 1] for k in CLASSES for i in (1, 2)})
    return g


def exercise_2():
    g = Golden("debugging.exercise_2")
    w, b, rows = mpf("0.8"), mpf("-0.5"), [numbers("1", "1"), numbers("0.5", "0.2"), numbers("2", "0.5")]
    h = [max(mpf(0), w * x + b) for x, _ in rows]
    by_net = [(one - y) * (one > 0) / 3 for one, (_, y) in zip(h, rows)]
    gradient = {"w": sum(d * x for d, (x, _) in zip(by_net, rows)), "b": sum(by_net)}
    confirm(lambda p: sum((max(mpf(0), p["w"] * x + p["b"]) - y) ** 2 for x, y in rows) / 6, {"w": w, "b": b}, gradient)
    g.rows({f"h@{k}": v for k, v in enumerate(h, start=1)} | {"E": sum((a - y) ** 2 for a, (_, y) in zip(h, rows)) / 6})
    g.derivatives("E", gradient)
    g.updates({"w": w, "b": b}, gradient, mpf("0.1"))
    return g


def exercise_3():
    g = Golden("debugging.exercise_3")
    x, y, rate = numbers("1.5", "0.2", "0.1")
    p = dict(zip("wb", numbers("0.6", "0.1")))

    def out(p):
        return mp.tanh(p["w"] * x + p["b"])

    by_net = (out(p) - y) * (1 - out(p) ** 2)
    gradient = {"w": by_net * x, "b": by_net}
    confirm(lambda p: (out(p) - y) ** 2 / 2, p, gradient)
    g.rows({"p": out(p), "E": (out(p) - y) ** 2 / 2, "foretold": (out(p) - y) ** 2 / 2 - rate * by_net ** 2 * (x ** 2 + 1)})
    g.derivatives("E", gradient)
    new = g.updates(p, gradient, rate)
    g.row("E#2", (out(new) - y) ** 2 / 2)
    return g


def faults():
    a = Golden("debugging.fault_a")
    z = [mpf(180) * r[0] + mpf(90) * r[1] for r in (numbers("0.05", "-0.02"), numbers("-0.03", "0.04"), numbers("0.01", "0.02"))]
    a.rows({f"z[{k}]": z[k] for k in CLASSES} | {"L": mp.log(sum(mp.exp(one) for one in z)) - z[1]})
    d = Golden("debugging.fault_d")
    w = mpf("0.5")
    d.rows({"E": ((w - 1) ** 2 + (2 * w - 3) ** 2) / 4, "dE/dw": ((w - 1) + 2 * (2 * w - 3)) / 2,
            "given": (w - 1) + 2 * (2 * w - 3)})
    return [a, d]


def two_faults():
    """fault_b: step has slope 0, so only v learns. fault_c: the minus before y log p is missing."""
    b, c = Golden("debugging.fault_b"), Golden("debugging.fault_c")
    v = mpf("0.3")
    b.rows({"net": mpf("0.6"), "h": 1, "p": v, "E": (v - 1) ** 2 / 2})
    b.derivatives("E", {"p": v - 1, "h": (v - 1) * v, "w": 0, "b": 0, "v": v - 1})
    b.rows({"w+": mpf("0.5"), "b+": mpf("0.2"), "v+": v - (v - 1) / 2})
    x, params = mpf("1.5"), dict(zip("wb", numbers("0.4", "-0.1")))
    p = sigmoid(params["w"] * x + params["b"])
    gradient = {"w": (1 - p) * x, "b": 1 - p}
    confirm(lambda q: mp.log(sigmoid(q["w"] * x + q["b"])), params, gradient)
    c.rows({"p": p, "L": mp.log(p)})
    c.derivatives("L", {"p": 1 / p, **gradient})
    c.updates(params, gradient, mpf("0.5"))
    return [b, c]


def chances():
    """The loss to expect of three classes that are equally likely."""
    tables = [Golden("debugging.expected"), Golden("debugging.log_of_3")]
    for g in tables:
        g.row("chance", mp.log(3))
    return tables


def tables():
    return [healthy(), *others(), leaking(), exercise_1(), exercise_2(), exercise_3(), *faults(),
            *two_faults(),
            *chances()]
