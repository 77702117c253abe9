"""Layers on a batch, their gradients as matrix products. Over B examples, L the mean of the examples' losses:

    dL/dW = delta * x^T, dL/db = delta * 1, dL/dx = W^T * delta, delta = dL/dnet (units x examples)
    vectorise   net = W x + b, h = tanh(net), y = v h, L = (y - t)^2/2:
                dL/dy = (y - t)/B, delta = v dL/dy (1 - h^2)
    exercise_1  y = w x; exercise_2  y = W x; exercise_3  h = W x, y = V h
"""

from mpmath import matrix, mp

from oracle import Golden, confirm, mpf, numbers

RATE = mpf("0.1")


def table(*rows):
    return matrix([numbers(*row.split()) for row in rows])


def rows(name, m, batch=False):
    """The entries by the program's names: name[row,column], or name[row]@example."""
    place = "%s[%d]@%d" if batch else "%s[%d,%d]"
    return {place % (name, i + 1, j + 1): m[i, j] for i in range(m.rows) for j in range(m.cols)}


def derivative(names):
    return {"dL/d" + name: value for name, value in names.items()}


def each(m, f):
    return m.apply(f)


def squares(y, t):
    """Each example's loss and the derivative of the mean by y."""
    loss = [sum((y[i, k] - t[i, k])**2 for i in range(y.rows))/2 for k in range(y.cols)]
    return loss, (y - t)/y.cols


def losses(g, loss):
    g.rows({"L@%d" % (k + 1): one for k, one in enumerate(loss)})
    g.row("L", sum(loss)/len(loss))


def params(g, weights, gradients, loss):
    """Gradients and new values, the gradients confirmed."""
    confirm(loss, weights, gradients)
    g.rows({"dL/d" + name: gradients[name] for name in weights})
    g.rows({name + "+": value - RATE*gradients[name] for name, value in weights.items()})


def vector(name, m):
    return {"%s[%d]" % (name, i + 1): m[i] for i in range(len(m))}


def put_back(values, name, m):
    """The matrix with the entries that `values` has."""
    return matrix([[values["%s[%d,%d]" % (name, i + 1, j + 1)] for j in range(m.cols)] for i in range(m.rows)])


def layer():
    g = Golden("vectorise")
    x, t = table("1.0 -0.4", "0.5 2.0"), table("0.8 -0.2")
    w, b, v = table("0.5 -0.3", "0.2 0.8", "-0.6 0.4"), table("0.1", "0.2", "-0.1"), table("0.7 -0.5 0.9")
    ones = matrix([[1, 1]])

    def forward(w, b, v):
        net = w*x + b*ones
        h = each(net, mp.tanh)
        return net, h, v*h

    def mean_loss(values):
        y = forward(put_back(values, "w", w), matrix([values["b[%d]" % (j + 1)] for j in range(3)]),
                    matrix([[values["v[%d]" % (j + 1)] for j in range(3)]]))[2]
        return sum(squares(y, t)[0])/2

    net, h, y = forward(w, b, v)
    loss, dy = squares(y, t)
    dh = v.T*dy
    delta = matrix(3, 2)
    for j in range(3):
        for k in range(2):
            delta[j, k] = dh[j, k]*(1 - h[j, k]**2)
    g.rows(rows("net", net, True))
    g.rows(rows("h", h, True))
    g.rows({"y@1": y[0], "y@2": y[1]})
    losses(g, loss)
    g.rows({"dL/dL@1": mpf(1)/2, "dL/dL@2": mpf(1)/2, "dL/dy@1": dy[0], "dL/dy@2": dy[1]})
    g.rows(derivative(rows("h", dh, True)))
    g.rows(derivative(rows("net", delta, True)))
    params(g, {**rows("w", w), **vector("b", b), **vector("v", v)},
           {**rows("w", delta*x.T), **vector("b", delta*ones.T), **vector("v", dy*h.T)}, mean_loss)
    return g


def exercise_1():
    g = Golden("vectorise.exercise_1")
    x, t, w = table("1 2 -1", "2 -1 1"), table("0.5 1.0 0.2"), table("0.5 -0.4")

    def mean_loss(values):
        return sum(squares(matrix([[values["w[1]"], values["w[2]"]]])*x, t)[0])/3

    y = w*x
    loss, dy = squares(y, t)
    g.rows({"y@%d" % (k + 1): y[k] for k in range(3)})
    losses(g, loss)
    g.rows({"dL/dy@%d" % (k + 1): dy[k] for k in range(3)})
    params(g, vector("w", w), vector("w", dy*x.T), mean_loss)
    return g


def exercise_2():
    g = Golden("vectorise.exercise_2")
    x, t, w = table("1 2", "0 1"), table("0 2", "0 3"), table("1.0 0.5", "-0.5 2.0")
    y = w*x
    loss, dy = squares(y, t)
    g.rows(rows("y", y, True))
    losses(g, loss)
    g.rows(derivative(rows("y", dy, True)))
    params(g, rows("w", w), rows("w", dy*x.T), lambda values: sum(squares(put_back(values, "w", w)*x, t)[0])/2)
    return g


def exercise_3():
    g = Golden("vectorise.exercise_3")
    x, t = table("1 -1", "2 1"), table("1 0", "0 1")
    w, v = table("0.5 1.0", "-1.0 0.5"), table("1.0 -0.5", "0.5 2.0")

    def mean_loss(values):
        return sum(squares(put_back(values, "v", v)*(put_back(values, "w", w)*x), t)[0])/2

    h = w*x
    y = v*h
    loss, dy = squares(y, t)
    dh = v.T*dy
    g.rows(rows("h", h, True))
    g.rows(rows("y", y, True))
    losses(g, loss)
    g.rows(derivative(rows("y", dy, True)))
    g.rows(derivative(rows("h", dh, True)))
    params(g, {**rows("w", w), **rows("v", v)}, {**rows("w", dh*x.T), **rows("v", dy*h.T)}, mean_loss)
    return g


def tables():
    return [layer(), exercise_1(), exercise_2(), exercise_3()]
