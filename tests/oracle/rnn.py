"""A recurrent network of one neuron: net_t = w h_(t-1) + u x_t + b, h_t = f(net_t).

The derivative by h_t is that of its own error, h_t - y_t, and w times that by net_(t+1), unless the path back is cut
there; by net_t it is times f'(net_t). Then dE/dw = sum by net_t h_(t-1), dE/du = sum by net_t x_t, dE/db = sum by net_t,
dE/dh0 = w times that by net_1.

notebook: h_t = tanh(W x_t + U h_(t-1)), p = v h_3, E = (y - p)^2/2, of github.com/thsis/INFOSYS

There h_3 has an element of 0.999998, of whose slope 1 - h^2 a double keeps eleven digits: 1 - h*h is off by up to two
roundings of 2^-53, the slope is 4e-6. The second row of dE/dU rests on it too much for twelve digits. It is in the table
of the same network with tanh written as 1 - 2/(e^(2s) + 1), whose slope 4e^(2s)/(e^(2s) + 1)^2 takes nothing from 1.
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers, sigmoid


def tanh(net):
    return mp.tanh(net), 1 - mp.tanh(net) ** 2


def logistic(net):
    return sigmoid(net), sigmoid(net) * sigmoid(-net)


class Net:
    def __init__(self, x, y, w, u, h0="0", b="0", function=tanh):
        self.x, self.function = numbers(*x), function
        self.y = {t: mpf(v) for t, v in y.items()}      # of the steps that have a target
        self.params = {"w": mpf(w), "u": mpf(u), "h0": mpf(h0), "b": mpf(b)}
        self.times = range(1, len(x) + 1)

    def forward(self, p):
        net, h = {}, {0: p["h0"]}
        for t in self.times:
            net[t] = p["w"] * h[t - 1] + p["u"] * self.x[t - 1] + p["b"]
            h[t] = self.function(net[t])[0]
        return net, h

    def loss(self, p):
        h = self.forward(p)[1]
        return sum((h[t] - y) ** 2 / 2 for t, y in self.y.items())

    def backward(self, cut=()):
        """The derivatives by states, sums and params; `cut` holds the t whose h_t is taken as given in step t + 1."""
        p, (net, h) = self.params, self.forward(self.params)
        by_h, by_net, later = {}, {}, mpf(0)
        for t in reversed(self.times):
            by_h[t] = later + (h[t] - self.y[t] if t in self.y else 0)
            by_net[t] = by_h[t] * self.function(net[t])[1]
            later = mpf(0) if t - 1 in cut else p["w"] * by_net[t]
        gradient = {"w": sum(by_net[t] * h[t - 1] for t in self.times),
                    "u": sum(by_net[t] * self.x[t - 1] for t in self.times), "h0": later, "b": sum(by_net.values())}
        if not cut:
            confirm(self.loss, p, gradient)
        return by_h, by_net, gradient


def golden(name, net, trained, rate, loss="E"):
    g = Golden(name)
    sums, h = net.forward(net.params)
    by_h, by_net, gradient = net.backward()
    g.rows({f"net[{t}]": sums[t] for t in net.times} | {f"h[{t}]": h[t] for t in net.times})
    g.row(loss, net.loss(net.params))
    g.derivatives(loss, {f"h[{t}]": by_h[t] for t in net.times} | {f"net[{t}]": by_net[t] for t in net.times})
    gradient = {one: gradient[one] for one in trained}
    g.derivatives(loss, gradient)
    g.updates({one: net.params[one] for one in trained}, gradient, mpf(rate))
    return g


def three():
    return Net(["1", "0.5", "-0.3"], {3: "0.2"}, "0.5", "1")


def untied():
    g = Golden("rnn.untied")
    net = three()
    h = net.forward(net.params)[1]
    by_net = net.backward()[1]
    g.derivatives("E", {f"w{t}": by_net[t] * h[t - 1] for t in net.times} | {"u": net.backward()[2]["u"]})
    return g


def cut(name, where):
    g = Golden(name)
    gradient = three().backward(where)[2]
    g.derivatives("E", {"w": gradient["w"], "u": gradient["u"]})
    return g


class Notebook:
    x, v, y = numbers("0.2", "0.3", "0.4"), numbers("2", "4"), mpf(7)
    W, U = numbers("2", "1"), [numbers("1", "2"), numbers("3", "4")]
    params = dict(zip(("W[1]", "W[2]", "U[1,1]", "U[1,2]", "U[2,1]", "U[2,2]"), [*W, *U[0], *U[1]]))

    def forward(self, p):
        h = [numbers("0", "0")]
        for one in self.x:
            h.append([mp.tanh(p[f"W[{j}]"] * one + sum(p[f"U[{j},{i}]"] * h[-1][i - 1] for i in (1, 2)))
                      for j in (1, 2)])
        return h, sum(a * b for a, b in zip(self.v, h[-1]))

    def loss(self, p):
        return (self.y - self.forward(p)[1]) ** 2 / 2

    def gradient(self):
        h, p = self.forward(self.params)
        gradient = {name: mpf(0) for name in self.params}
        by_h = [(p - self.y) * one for one in self.v]
        for t in (3, 2, 1):
            by_net = [d * (1 - one ** 2) for d, one in zip(by_h, h[t])]
            for j in (1, 2):
                gradient[f"W[{j}]"] += by_net[j - 1] * self.x[t - 1]
                for i in (1, 2):
                    gradient[f"U[{j},{i}]"] += by_net[j - 1] * h[t - 1][i - 1]
            by_h = [sum(by_net[j] * self.U[j][i] for j in (0, 1)) for i in (0, 1)]
        confirm(self.loss, self.params, gradient)
        return gradient

    def table(self, name, source="", leave_out=()):
        g = Golden(name, source)
        h, p = self.forward(self.params)
        g.rows({f"h[{t},{j}]": h[t][j - 1] for t in (1, 2, 3) for j in (1, 2)} | {"p": p, "E": self.loss(self.params)})
        g.derivatives("E", {name: d for name, d in self.gradient().items() if name not in leave_out})
        return g


def notebook():
    g = Notebook().table("rnn.notebook",
                         "github.com/thsis/INFOSYS, notebook on backpropagation through a recurrent network",
                         ("U[2,1]", "U[2,2]"))
    g.printed({"h[1,1]": "0.37994896", "h[1,2]": "0.19737532", "h[2,1]": "0.87975882", "h[2,2]": "0.97711011",
               "h[3,1]": "0.9986059", "h[3,2]": "0.99999815"})
    g.printed_in_double({"p": "5.99720442000804"})
    why = "target minus output, matrix products taken element by element, and the longest path only"
    for name, printed in (("dE/dW[1]", "0.00034735"), ("dE/dW[2]", "0.00272708"), ("dE/dU[1,1]", "0.00053191"),
                          ("dE/dU[1,2]", "0.00212484")):
        g.misprinted(name, printed, why)
    assert (g.right, g.wrong) == (7, 4)
    return g


def tables():
    every = Net(["1", "0.5", "-0.3"], {1: "0.5", 2: "0.5", 3: "0.2"}, "0.5", "1")
    return [golden("rnn", three(), "wu", "0.1"), untied(), cut("rnn.last_only", (1, 2)), cut("rnn.two_only", (1,)),
            golden("rnn.every_step", every, "wu", "0.1", "E_total"), notebook(),
            Notebook().table("rnn.from_sums"),
            golden("rnn.exercise_1", Net(["0.5", "-1"], {2: "0.3"}, "0.8", "0.6"), "wu", "0.5"),
            golden("rnn.exercise_2", Net(["1", "0.5"], {2: "0.4"}, "0.5", "-0.6", "0.7"), ("w", "u", "h0"), "0.5"),
            golden("rnn.exercise_3", Net(["1", "-0.5"], {1: "0.2", 2: "0.6"}, "0.9", "0.5", "0", "0.1", logistic),
                   "wub", "0.5", "E_total")]
