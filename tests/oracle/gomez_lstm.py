"""Gomez's LSTM cell over two steps through time; time and components count from 1.

    a = tanh, i, f, o = sigmoid   of   net = W x_t + U out_(t-1) + b
    state_t = a_t i_t + f_t state_(t-1),  out_t = tanh(state_t) o_t,  E = sum 1/2 (out_t - y_t)^2

Backwards, from the last t to the first:
    dout_t   = (out_t - y_t) + sum over the gates of U delta_(t+1)
    dstate_t = dout_t o_t (1 - tanh(state_t)^2) + dstate_(t+1) f_(t+1)
    delta    = dE/dnet of each gate: da = dstate i, di = dstate a, df = dstate state_(t-1),
               do = dout tanh(state), times the gate's own slope
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, number, numbers, rounds_to, sigmoid

SOURCE = "Gomez 2016, blog.aidangomez.ca; digits of a notebook that runs it"
GATES = "aifo"
TIMES = (1, 2)
RATE = number("0.1")
X = {1: numbers("1", "2"), 2: numbers("0.5", "3")}
Y = {1: number("0.5"), 2: number("1.25")}


def params():
    p = {}
    for gate, w1, w2, u, b in (("a", "0.45", "0.25", "0.15", "0.2"),
                               ("i", "0.95", "0.8", "0.8", "0.65"),
                               ("f", "0.7", "0.45", "0.1", "0.15"),
                               ("o", "0.6", "0.4", "0.25", "0.1")):
        p[f"W_{gate}[1]"], p[f"W_{gate}[2]"] = numbers(w1, w2)
        p[f"U_{gate}"], p[f"b_{gate}"] = numbers(u, b)
    return p


def forward(p):
    v = {"out[0]": mpf(0), "state[0]": mpf(0)}
    for t in TIMES:
        for gate in GATES:
            net = (p[f"W_{gate}[1]"] * X[t][0] + p[f"W_{gate}[2]"] * X[t][1]
                   + p[f"U_{gate}"] * v[f"out[{t - 1}]"] + p[f"b_{gate}"])
            v[f"net_{gate}[{t}]"] = net
            v[f"{gate}[{t}]"] = mp.tanh(net) if gate == "a" else sigmoid(net)
        v[f"state[{t}]"] = v[f"a[{t}]"] * v[f"i[{t}]"] + v[f"f[{t}]"] * v[f"state[{t - 1}]"]
        v[f"out[{t}]"] = mp.tanh(v[f"state[{t}]"]) * v[f"o[{t}]"]
        v[f"E[{t}]"] = (v[f"out[{t}]"] - Y[t]) ** 2 / 2
    v["E_total"] = sum(v[f"E[{t}]"] for t in TIMES)
    return v


def backward(p, v):
    """The derivative of E_total by every step and param."""
    d = {"E[1]": mpf(1), "E[2]": mpf(1)}
    later_out = later_state = mpf(0)    # what comes back from the next time
    for t in reversed(TIMES):
        a, i, f, o = (v[f"{gate}[{t}]"] for gate in GATES)
        squashed = mp.tanh(v[f"state[{t}]"])
        dout = d[f"out[{t}]"] = v[f"out[{t}]"] - Y[t] + later_out
        dstate = d[f"state[{t}]"] = dout * o * (1 - squashed ** 2) + later_state
        d[f"a[{t}]"] = dstate * i
        d[f"i[{t}]"] = dstate * a
        d[f"f[{t}]"] = dstate * v[f"state[{t - 1}]"]
        d[f"o[{t}]"] = dout * squashed
        d[f"net_a[{t}]"] = d[f"a[{t}]"] * (1 - a ** 2)
        for gate, out in (("i", i), ("f", f), ("o", o)):
            d[f"net_{gate}[{t}]"] = d[f"{gate}[{t}]"] * out * (1 - out)
        later_out = sum(p[f"U_{gate}"] * d[f"net_{gate}[{t}]"] for gate in GATES)
        later_state = dstate * f
    d["out[0]"], d["state[0]"] = later_out, later_state

    for gate in GATES:
        delta = {t: d[f"net_{gate}[{t}]"] for t in TIMES}
        for k in (1, 2):
            d[f"W_{gate}[{k}]"] = sum(delta[t] * X[t][k - 1] for t in TIMES)
        d[f"U_{gate}"] = sum(delta[t] * v[f"out[{t - 1}]"] for t in TIMES)
        d[f"b_{gate}"] = sum(delta.values())
    return d


def golden(name="gomez_lstm"):
    g = Golden(name, SOURCE)
    p = params()
    v = forward(p)
    d = backward(p, v)
    confirm(lambda q: forward(q)["E_total"], p, {name: d[name] for name in p})
    g.rows(v)
    g.derivatives("E_total", d)
    second = g.updates(p, d, RATE)
    g.rows(forward(second), "#2")

    g.printed_in_double({
        "a[1]": "0.8177540779702877", "i[1]": "0.9608342772032357", "f[1]": "0.8519528019683106",
        "o[1]": "0.8175744761936437", "state[1]": "0.7857261484365797",
        "out[1]": "0.5363133978820118",
        "a[2]": "0.8498040223194213", "i[2]": "0.9811839683254171", "f[2]": "0.8703019698552491",
        "o[2]": "0.8499333428022842", "state[2]": "1.5176330976694041",
        "out[2]": "0.7719811057588907",
        "dE_total/dnet_a[2]": "-0.01938434750774075", "dE_total/dnet_i[2]": "-0.001115614070446023",
        "dE_total/dnet_f[2]": "-0.006306541742007648", "dE_total/dnet_o[2]": "-0.05537783112520711",
        "dE_total/dnet_a[1]": "-0.01702404472886597",
        "dE_total/dnet_i[1]": "-0.0016458818995508829",
        "dE_total/dnet_o[1]": "0.0017648023073026033",
    })
    g.printed({"dE_total/dnet_f[1]": "-0.0"},
              note="a negative zero: the state before the first step is 0")
    g.printed({
        "W_a[1]+": "0.45267162", "W_a[2]+": "0.25922011", "W_i[1]+": "0.95022037",
        "W_i[2]+": "0.80066386", "W_f[1]+": "0.70031533", "W_f[2]+": "0.45189196",
        "W_o[1]+": "0.60259241", "W_o[2]+": "0.41626039", "U_a+": "0.15103961",
        "U_i+": "0.80005983", "U_f+": "0.10033823", "U_o+": "0.25296999", "b_a+": "0.20364084",
        "b_i+": "0.65027615", "b_f+": "0.15063065",
    })
    g.printed({"b_o+": "0.1053613"}, note="printed without its last digit, a 0")
    assert rounds_to(g["b_o+"], "0.10536130")
    assert (g.right, g.wrong) == (36, 0)
    return g


def tables():
    return [golden()]
