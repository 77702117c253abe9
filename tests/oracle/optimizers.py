"""Every built-in update rule on f = x1^2/10 + 2 x2^2 from (-5, -2): g = (x1/5, 4 x2).

A rule makes of a weight, its gradient, a state and the step's number the new weight and the new state. For plain
gradient descent the places are known: x1 = -5 (1 - rate/5)^t and x2 = -2 (1 - 4 rate)^t.
"""

from mpmath import mp

from oracle import Golden, mpf, numbers

BOOK = "Dive into Deep Learning, chapter 12"
START, SLOPE = numbers("-5", "-2"), numbers("0.2", "4")


def sgd(rate):
    return lambda w, g, s, t: (w - rate * g, {})


def momentum(rate, mu, look_ahead=False):
    def rule(w, g, s, t):
        v = mu * s.get("v", 0) + g
        return w - rate * (g + mu * v if look_ahead else v), {"v": v}
    return rule


def scaled(rate, eps, decay=None, inside=False):
    def rule(w, g, s, t):
        total = s.get("s", 0) + g ** 2 if decay is None else decay * s.get("s", 0) + (1 - decay) * g ** 2
        return w - rate * g / (mp.sqrt(total + eps) if inside else mp.sqrt(total) + eps), {"s": total}
    return rule


def adam(rate, decay=0, correct=True):
    b1, b2, eps = numbers("0.9", "0.999", "1e-8")

    def rule(w, g, s, t):
        m, v = b1 * s.get("m", 0) + (1 - b1) * g, b2 * s.get("v", 0) + (1 - b2) * g ** 2
        m_hat, v_hat = (m / (1 - b1 ** t), v / (1 - b2 ** t)) if correct else (m, v)
        return w * (1 - rate * decay) - rate * m_hat / (mp.sqrt(v_hat) + eps), {"m": m, "v": v}
    return rule


def walk(name, rule, leave_out=()):
    g = Golden(name, BOOK)
    place, state = list(START), [{}, {}]
    g.row("f", mpf("10.5"))
    g.derivatives("f", {"x1": SLOPE[0] * START[0], "x2": SLOPE[1] * START[1]})
    for t in range(1, 21):
        for i in range(2):
            place[i], state[i] = rule(place[i], SLOPE[i] * place[i], state[i], t)
            if t == 1:
                g.rows({f"x{i + 1}.{part}+": value for part, value in state[i].items()})
                g.row(f"x{i + 1}+", place[i])
            if t in (1, 2, 3, 20) and (t, i) not in leave_out:
                g.row(f"x{i + 1}#{t + 1}", place[i])
    return g


def exercises():
    """Another valley by sgd, one a hundred times as steep by Adam, and a rule of the sign alone."""
    rules = ((numbers("2", "4"), sgd(mpf("0.1"))), (numbers("20", "400"), adam(mpf("0.4"))),
             (SLOPE, lambda w, g, s, t: (w - mpf("0.4") * mp.sign(g), {})))
    result = []
    for i, (slope, rule) in enumerate(rules, 1):
        g = Golden(f"optimizers.exercise_{i}")
        place, state = list(START), [{}, {}]
        g.derivatives("f", {"x1": slope[0] * START[0], "x2": slope[1] * START[1]})
        for t in (1, 2, 3):
            for k in range(2):
                place[k], state[k] = rule(place[k], slope[k] * place[k], state[k], t)
                g.row(f"x{k + 1}#{t + 1}", place[k])
        result.append(g)
    return result


def tables():
    rate, half, mu, tenth = numbers("0.4", "0.2", "0.5", "0.1")
    far = [(20, 1)]    # x2 is then a rounding of 0
    table = {
        "sgd": walk("optimizers", sgd(rate)),
        "too_fast": walk("optimizers.too_fast", sgd(mpf("0.6"))),
        "momentum": walk("optimizers.momentum", momentum(rate, mu)),
        "nesterov": walk("optimizers.nesterov", momentum(rate, mu, True)),
        "calmer": walk("optimizers.calmer", momentum(half, mu, True)),
        "adagrad": walk("optimizers.adagrad", scaled(rate, mpf("1e-10"))),
        "rmsprop": walk("optimizers.rmsprop", scaled(rate, mpf("1e-8"), mpf("0.9")), far),
        "adam": walk("optimizers.adam", adam(rate)),
        "uncorrected": walk("optimizers.uncorrected", adam(rate, correct=False)),
        "adamw": walk("optimizers.adamw", adam(rate, tenth)),
        "book_adagrad": walk("optimizers.book_adagrad", scaled(rate, mpf("1e-6"), inside=True)),
        "book_rmsprop": walk("optimizers.book_rmsprop", scaled(rate, mpf("1e-6"), mpf("0.9"), True), far),
    }
    for t in (1, 2, 3, 20):
        assert abs(table["sgd"][f"x1#{t + 1}"] + 5 * (1 - rate / 5) ** t) < mpf("1e-40")
        assert abs(table["sgd"][f"x2#{t + 1}"] + 2 * (1 - 4 * rate) ** t) < mpf("1e-40")
    table["sgd"].printed({"x1#21": "-0.943467", "x2#21": "-0.000073"})
    table["too_fast"].printed({"x1#21": "-0.387814", "x2#21": "-1673.365109"})
    table["momentum"].printed({"x1#21": "-0.062843", "x2#21": "0.001202"})
    table["book_adagrad"].printed({"x1#21": "-2.382563", "x2#21": "-0.158591"})
    table["book_rmsprop"].printed({"x1#21": "-0.010599"})
    return list(table.values()) + exercises()
