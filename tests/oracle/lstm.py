"""The lesson on LSTM: Gomez's cell, see gomez_lstm.py, and its exercises.

exercise_1  one step from a given state, each gate with one weight
exercise_2  state_t = f state_(t-1) + i a_t with fixed f and i: dE/dstate_t = (state_3 - y) f^(3 - t)
exercise_3  state_t = a_t + f_t state_(t-1): dstate_t/dstate_(t-1) = f_t + state_(t-1) f_t (1 - f_t) u_f
"""

from mpmath import mp

import gomez_lstm
from oracle import Golden, confirm, mpf, numbers, sigmoid


def exercise_1():
    g = Golden("lstm.exercise_1")
    x, y, before, rate = numbers("1", "0.5", "0.6", "0.5")
    params = dict(zip(("w_a", "w_i", "w_f", "w_o"), numbers("0.5", "0.8", "0.4", "0.6")))

    def forward(p):
        a, (i, f, o) = mp.tanh(p["w_a"] * x), (sigmoid(p[w] * x) for w in ("w_i", "w_f", "w_o"))
        state = a * i + f * before
        return a, i, f, o, state, mp.tanh(state) * o

    a, i, f, o, state, out = forward(params)
    squashed = mp.tanh(state)
    by_state = (out - y) * o * (1 - squashed ** 2)
    by = {"net_a": by_state * i * (1 - a ** 2), "net_i": by_state * a * i * (1 - i),
          "net_f": by_state * before * f * (1 - f), "net_o": (out - y) * squashed * o * (1 - o)}
    gradient = {f"w_{gate}": by[f"net_{gate}"] * x for gate in "aifo"}
    confirm(lambda p: (forward(p)[-1] - y) ** 2 / 2, params, gradient)
    g.rows({"a": a, "i": i, "f": f, "o": o, "state": state, "out": out, "E": (out - y) ** 2 / 2})
    g.derivatives("E", {"state": by_state} | by | gradient)
    g.updates(params, gradient, rate)
    return g


def exercise_2():
    g = Golden("lstm.exercise_2")
    x, (y, w, f, i, rate) = numbers("0.5", "0.2", "-0.4"), numbers("0.6", "1.5", "0.9", "0.8", "0.5")

    def forward(w):
        state = [mpf(0)]
        for one in x:
            state.append(f * state[-1] + i * mp.tanh(w * one))
        return state

    state = forward(w)
    by = {t: (state[3] - y) * f ** (3 - t) for t in (1, 2, 3)}
    gradient = {"w": sum(by[t] * i * (1 - mp.tanh(w * x[t - 1]) ** 2) * x[t - 1] for t in by)}
    confirm(lambda p: (forward(p["w"])[3] - y) ** 2 / 2, {"w": w}, gradient)
    g.rows({f"state[{t}]": state[t] for t in by} | {"E": (state[3] - y) ** 2 / 2})
    g.derivatives("E", {f"state[{t}]": by[t] for t in by} | gradient)
    g.updates({"w": w}, gradient, rate)
    return g


def exercise_3():
    g = Golden("lstm.exercise_3")
    x, (y, first, rate) = numbers("1", "-0.5"), numbers("0.4", "0.5", "0.5")
    params = dict(zip(("w_a", "w_f", "u_f", "b_f"), numbers("0.7", "0.9", "0.5", "1")))

    def forward(p):
        state, f, a = [first], {}, {}
        for t in (1, 2):
            a[t] = mp.tanh(p["w_a"] * x[t - 1])
            f[t] = sigmoid(p["w_f"] * x[t - 1] + p["u_f"] * state[-1] + p["b_f"])
            state.append(a[t] + f[t] * state[-1])
        return state, f, a

    state, f, a = forward(params)
    by, net = {2: state[2] - y}, {}
    net[2] = by[2] * state[1] * f[2] * (1 - f[2])
    by[1] = by[2] * f[2] + net[2] * params["u_f"]
    net[1] = by[1] * state[0] * f[1] * (1 - f[1])
    gradient = {"w_a": sum(by[t] * (1 - a[t] ** 2) * x[t - 1] for t in (1, 2)),
                "w_f": sum(net[t] * x[t - 1] for t in (1, 2)),
                "u_f": sum(net[t] * state[t - 1] for t in (1, 2)), "b_f": net[1] + net[2]}
    confirm(lambda p: (forward(p)[0][2] - y) ** 2 / 2, params, gradient)
    g.rows({"state[1]": state[1], "state[2]": state[2], "E": (state[2] - y) ** 2 / 2})
    g.derivatives("E", {f"state[{t}]": by[t] for t in by} | {f"net_f[{t}]": net[t] for t in net} | gradient)
    g.updates(params, gradient, rate)
    return g


def tables():
    return [gomez_lstm.golden("lstm"), exercise_1(), exercise_2(), exercise_3()]
