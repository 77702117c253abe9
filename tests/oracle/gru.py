"""A gated recurrent unit of one neuron.

    z = sigmoid(w_z x + u_z h'), r = sigmoid(w_r x + u_r h'), a = tanh(w_a x + u_a r h'), h = (1 - z)h' + z a

h' being the state before. With d = dE/dh: dz = d(a - h') z(1 - z), da = d z (1 - a^2), dr = da u_a h' r(1 - r) are the
derivatives by the sums, and dE/dh' = d(1 - z) + dz u_z + dr u_r + da u_a r.
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid

NAMES = ("w_z", "u_z", "w_r", "u_r", "w_a", "u_a")


def forward(p, x, first, reset=True):
    h, v = {0: first}, {}
    for t, one in enumerate(x, start=1):
        before = h[t - 1]
        z = sigmoid(p["w_z"] * one + p["u_z"] * before)
        r = sigmoid(p["w_r"] * one + p["u_r"] * before) if reset else mpf(1)
        a = mp.tanh(p["w_a"] * one + p["u_a"] * r * before)
        h[t] = (1 - z) * before + z * a
        v[t] = (z, r, a)
    return h, v


def backward(p, x, h, v, error, through=("z", "r"), reset=True):
    """Derivatives by states, sums and params; the sums of the gates in `through` hand on to the state before."""
    by, net, gradient = {len(x): error}, {}, {name: mpf(0) for name in NAMES}
    for t in range(len(x), 0, -1):
        z, r, a = v[t]
        before, d = h[t - 1], by[t]
        net[f"net_z[{t}]"] = dz = d * (a - before) * z * (1 - z)
        net[f"net_a[{t}]"] = da = d * z * (1 - a ** 2)
        dr = da * p["u_a"] * before * r * (1 - r)
        if reset:
            net[f"net_r[{t}]"] = dr
        by[t - 1] = (d * (1 - z) + da * p["u_a"] * r + (dz * p["u_z"] if "z" in through else 0)
                     + (dr * p["u_r"] if "r" in through and reset else 0))
        for gate, by_net, seen in (("z", dz, before), ("r", dr, before), ("a", da, r * before)):
            gradient[f"w_{gate}"] += by_net * x[t - 1]
            gradient[f"u_{gate}"] += by_net * seen
    return by, net, gradient


def params(*texts):
    return dict(zip(NAMES, numbers(*texts)))


def lesson():
    g = Golden("gru")
    x, (y, first, rate) = numbers("1", "-0.5"), numbers("0.6", "0.5", "0.5")
    p = params("0.4", "0.3", "0.8", "-0.5", "0.6", "0.9")
    h, v = forward(p, x, first)
    by, net, gradient = backward(p, x, h, v, h[2] - y)
    confirm(lambda q: (forward(q, x, first)[0][2] - y) ** 2 / 2, p, gradient)
    for t in (1, 2):
        g.rows({f"z[{t}]": v[t][0], f"r[{t}]": v[t][1], f"a[{t}]": v[t][2], f"h[{t}]": h[t]})
    g.row("E", (h[2] - y) ** 2 / 2)
    g.derivatives("E", {"h[2]": by[2], "h[1]": by[1]} | net | gradient)
    g.updates(p, gradient, rate)
    return g


def without(name, *through):
    g = Golden(name)
    x, (y, first) = numbers("1", "-0.5"), numbers("0.6", "0.5")
    p = params("0.4", "0.3", "0.8", "-0.5", "0.6", "0.9")
    h, v = forward(p, x, first)
    by, _, gradient = backward(p, x, h, v, h[2] - y, through)
    g.derivatives("E", {"h[1]": by[1]} | gradient)
    return g


def exercise_1():
    g = Golden("gru.exercise_1")
    x, (y, before, rate) = numbers("1"), numbers("0.9", "0.4", "0.5")
    p = params("0.5", "-0.5", "0.3", "1", "0.7", "0.5")
    h, v = forward(p, x, before)
    _, net, gradient = backward(p, x, h, v, h[1] - y)
    confirm(lambda q: (forward(q, x, before)[0][1] - y) ** 2 / 2, p, gradient)
    g.rows({"z": v[1][0], "r": v[1][1], "a": v[1][2], "h": h[1], "E": (h[1] - y) ** 2 / 2})
    g.derivatives("E", {name[:-3]: value for name, value in net.items()} | gradient)
    g.updates(p, gradient, rate)
    return g


def exercise_2():
    g = Golden("gru.exercise_2")
    x, (y, rate) = numbers("0.5", "1"), numbers("0.7", "0.5")
    p = params("0.4", "0.6", "0", "0", "0.8", "0.5")
    h, v = forward(p, x, mpf(0), reset=False)
    by, net, gradient = backward(p, x, h, v, h[2] - y, reset=False)
    trained = ("w_z", "u_z", "w_a", "u_a")
    gradient = {name: gradient[name] for name in trained}
    confirm(lambda q: (forward(p | q, x, mpf(0), reset=False)[0][2] - y) ** 2 / 2, p, gradient)
    g.rows({"h[1]": h[1], "h[2]": h[2], "E": (h[2] - y) ** 2 / 2})
    g.derivatives("E", {"h[2]": by[2], "h[1]": by[1]} | net | gradient)
    g.updates({name: p[name] for name in trained}, gradient, rate)
    return g


def exercise_3():
    """z is fixed: dE/dh_t = (h_3 - y)(1 - z)^(3 - t)."""
    g = Golden("gru.exercise_3")
    x, (y, z, w, rate) = numbers("1", "0.2", "-0.6"), numbers("0.3", "0.2", "0.9", "0.5")

    def forward(w):
        h = [mpf(0)]
        for one in x:
            h.append((1 - z) * h[-1] + z * mp.tanh(w * one))
        return h

    h, a = forward(w), [mp.tanh(w * one) for one in x]
    by = {t: (h[3] - y) * (1 - z) ** (3 - t) for t in (1, 2, 3)}
    gradient = {"w": sum(by[t] * z * (1 - a[t - 1] ** 2) * x[t - 1] for t in by)}
    confirm(lambda p: (forward(p["w"])[3] - y) ** 2 / 2, {"w": w}, gradient)
    g.rows({f"a[{t}]": a[t - 1] for t in by} | {f"h[{t}]": h[t] for t in by} | {"E": (h[3] - y) ** 2 / 2})
    g.derivatives("E", {f"h[{t}]": by[t] for t in by} | gradient)
    g.updates({"w": w}, gradient, rate)
    return g


def hundred():
    g = Golden("gru.hundred")
    g.row("left", mpf("0.8") ** 100)
    return g


def tables():
    return [lesson(), without("gru.dropped", "z"), without("gru.no_gates"), exercise_1(), exercise_2(),
            exercise_3(),
            hundred()]
