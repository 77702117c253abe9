"""Four examples as one batch, as two and as four; p = wx, E = (p - y)^2/2, dE/dw = (wx - y)x.

    all   the mean of the four gradients, an update an epoch
    two   v_k from v_(k-1) by the mean gradient of examples 2k - 1 and 2k
    one   v_k from v_(k-1) by the gradient of example k
"""

from oracle import Golden, confirm, mpf, numbers

X, Y = numbers("1", "2", "3", "4"), numbers("3", "3", "7", "7")
RATE = mpf("0.05")
EPOCHS = (1, 2, 3, 5, 8, 10)


def slope(w, k):
    return (w * X[k] - Y[k]) * X[k]


def loss(w):
    return sum((w * x - y) ** 2 for x, y in zip(X, Y)) / 8


def all_at_once():
    g = Golden("batches")
    w = mpf(0)
    gradient = sum(slope(w, k) for k in range(4)) / 4
    confirm(lambda v: loss(v["w"]), {"w": w}, {"w": gradient})
    g.rows({f"E@{k + 1}": (w * X[k] - Y[k]) ** 2 / 2 for k in range(4)} | {"E": loss(w), "dE/dw": gradient})
    for epoch in range(1, 11):
        w -= RATE * sum(slope(w, k) for k in range(4)) / 4
        if epoch == 1:
            g.row("w+", w)
        if epoch in EPOCHS:
            g.rows({f"w#{epoch + 1}": w, f"E#{epoch + 1}": loss(w)})
    return g


def parts(name, batches):
    g = Golden(f"batches.{name}")
    w = mpf(0)
    for epoch in range(1, 11):
        v = w
        for k, batch in enumerate(batches, 1):
            gradient = sum(slope(v, i) for i in batch) / len(batch)
            v -= RATE * gradient
            if epoch == 1:
                g.rows({f"g[{k}]": gradient, f"v[{k}]": v})
        w = v
        if epoch in EPOCHS:
            g.rows({f"w#{epoch + 1}": w, f"E#{epoch + 1}": loss(w)})
    return g


def two_weights(one_batch):
    x, y = numbers("1", "2"), numbers("2", "1")
    w, b, rate = numbers("0.5", "0", "0.1")
    if one_batch:
        g = Golden("batches.exercise_3")
        d = [w * x[k] + b - y[k] for k in range(2)]
        gradient = {"w": (d[0] * x[0] + d[1] * x[1]) / 2, "b": (d[0] + d[1]) / 2}
        confirm(lambda v: sum((v["w"] * x[k] + v["b"] - y[k]) ** 2 for k in range(2)) / 4, {"w": w, "b": b}, gradient)
        g.row("E", (d[0] ** 2 + d[1] ** 2) / 4)
        g.derivatives("E", gradient)
        new = g.updates({"w": w, "b": b}, gradient, rate)
        g.row("E#2", sum((new["w"] * x[k] + new["b"] - y[k]) ** 2 for k in range(2)) / 4)
        return g
    g = Golden("batches.exercise_2")

    # E is the sum of both errors' squares over 2, the second one's after the first one's update.
    def loss(p):
        d = p["w"] * x[0] + p["b"] - y[0]
        after = (p["w"] - rate * d * x[0]) * x[1] + p["b"] - rate * d - y[1]
        return (d ** 2 + after ** 2) / 2

    d = w * x[0] + b - y[0]
    second, along = (w - rate * d * x[0]) * x[1] + b - rate * d - y[1], rate * (x[0] * x[1] + 1)
    gradient = {"w": d * x[0] + second * (x[1] - along * x[0]), "b": d + second * (1 - along)}
    confirm(loss, {"w": w, "b": b}, gradient)
    g.row("E", loss({"w": w, "b": b}))
    g.derivatives("E", gradient)
    for k in range(2):
        p = w * x[k] + b
        d = p - y[k]
        w, b = w - rate * d * x[k], b - rate * d
        g.rows({f"p[{k + 1}]": p, f"d[{k + 1}]": d, f"w{k + 1}": w, f"b{k + 1}": b})
    return g


def tables():
    count = Golden("batches.exercise_1")
    count.rows({"left": 50000 - 390 * 128, "one_epoch": 391, "iterations": 391 * 20})
    count.row("ddifference/dguess", -1)
    return [all_at_once(), parts("one", [[0], [1], [2], [3]]), parts("two", [[0, 1], [2, 3]]), count, two_weights(False),
            two_weights(True)]
