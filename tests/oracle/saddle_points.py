"""Saddles: gradient, Hessian, eigenvalues and the updates that leave them.

    saddle       f = x^2 - y^2, rate 0.1: x_t = 0.8^t, y_t = 0.001 1.2^t
    hessian      (2, 0; 0, -2)
    tilted       f = x^2 + 3xy + y^2 at 0, 0: Hessian (2, 3; 3, 2), eigenvalues 2 + 3 and 2 - 3
    around       the same function along a line through 0, 0: its curvature at 45 degrees is the larger eigenvalue
    two_valleys  f = x^2/2 + y^4/4 - y^2/2: gradient (x, y^3 - y), Hessian (1, 0; 0, 3y^2 - 1)
"""

from mpmath import mp

from oracle import Golden, confirm, mpf, numbers

X, Y, RATE = numbers("1", "0.001", "0.1")


def saddle():
    g = Golden("saddle_points")
    g.rows({"f": X ** 2 - Y ** 2, "df/dx": 2 * X, "df/dy": -2 * Y, "x+": X * mpf("0.8"), "y+": Y * mpf("1.2")})
    for t in (1, 2, 10, 20, 40):
        x, y = mpf("0.8") ** t, Y * mpf("1.2") ** t
        g.rows({f"x#{t + 1}": x, f"y#{t + 1}": y})
        if t != 20:    # near its zero f loses digits
            g.row(f"f#{t + 1}", x ** 2 - y ** 2)
    return g


def second(g, a, b, d):
    middle, half = (a + d) / 2, mp.sqrt(((a - d) / 2) ** 2 + b ** 2)
    g.rows({"a": a, "b": b, "d": d, "middle": middle, "half": half, "large": middle + half, "small": middle - half})


def hessian():
    g = Golden("saddle_points.hessian")
    g.rows({"gx": 2 * X, "gy": -2 * Y, "a": 2, "b": 0, "d": -2, "df/dx": 2 * X, "df/dy": -2 * Y})
    return g


def tilted():
    g = Golden("saddle_points.tilted")
    g.rows({"f": 0, "gx": 0, "gy": 0, "df/dx": 0, "df/dy": 0})
    second(g, *numbers("2", "3", "2"))
    g.row("determinant", -5)
    return g


def height(x, y):
    return x ** 2 / 2 + y ** 4 / 4 - y ** 2 / 2


def walk(g, rule, at, decay=0, names="xyf"):
    """The loss after some updates; `rule` makes of a gradient and a state the step and the new state."""
    confirm(lambda v: height(v["x"], v["y"]), {"x": X, "y": Y}, {"x": X, "y": Y ** 3 - Y})
    if "f" not in g.exact:
        g.rows({"f": height(X, Y), "df/dx": X, "df/dy": Y ** 3 - Y})
    place, state = [X, Y], [None, None]
    for t in range(1, max(at) + 1):
        gradient = [place[0], place[1] ** 3 - place[1]]
        for i in range(2):
            step, state[i] = rule(gradient[i], state[i], t)
            place[i] -= RATE * (step + decay * place[i])
        if t in at:
            value = {"x": place[0], "y": place[1], "f": height(*place)}
            g.rows({f"{name}#{t + 1}": value[name] for name in names})
    return g


def plain(d, _, t):
    return d, None


def two_valleys():
    g = Golden("saddle_points.two_valleys")
    g.row("f", height(X, Y))
    g.derivatives("f", {"x": X, "y": Y ** 3 - Y})
    g.rows({"a": 1, "b": 0, "d": 3 * Y ** 2 - 1})
    return walk(g, plain, (1, 40, 60, 80))


def momentum(d, v, t):
    v = mpf("0.9") * (v or 0) + d
    return v, v


def adam(d, state, t):
    m, v = state or (mpf(0), mpf(0))
    b1, b2 = numbers("0.9", "0.999")
    m, v = b1 * m + (1 - b1) * d, b2 * v + (1 - b2) * d ** 2
    return m / (1 - b1 ** t) / (mp.sqrt(v / (1 - b2 ** t)) + mpf("1e-8")), (m, v)


def nesterov(d, v, t):
    v = mpf("0.9") * (v or 0) + d
    return d + mpf("0.9") * v, v


def adagrad(d, s, t):
    s = (s or 0) + d ** 2
    return d / (mp.sqrt(s) + mpf("1e-10")), s


def rmsprop(d, s, t):
    s = mpf("0.99") * (s or 0) + mpf("0.01") * d ** 2
    return d / (mp.sqrt(s) + mpf("1e-8")), s


def around():
    """x^2 + 3xy + y^2 on the line at the angle u is s^2 (1 + 3 cos u sin u)."""
    g = Golden("saddle_points.around")
    g.rows({"f": 0, "curvature": 5})
    return g


def on_monkey(x, y):
    return x ** 3 - 3 * x * y ** 2


def by_monkey(x, y):
    return [3 * x ** 2 - 3 * y ** 2, -6 * x * y]


def rosen(x, y):
    return (1 - x) ** 2 + 100 * (y - x ** 2) ** 2


def by_rosen(x, y):
    return [-2 * (1 - x) - 400 * x * (y - x ** 2), 200 * (y - x ** 2)]


def surface(name, f, slope, hessian, start, rate, rule, at):
    """Gradient, Hessian and eigenvalues at the start, then the way of a rule."""
    g = Golden(f"saddle_points.{name}")
    place, state, rate = numbers(*start), [None, None], mpf(rate)
    confirm(lambda v: f(v["x"], v["y"]), dict(zip("xy", place)), dict(zip("xy", slope(*place))))
    g.row("f", f(*place))
    g.derivatives("f", dict(zip("xy", slope(*place))))
    if hessian:
        g.rows({"gx": slope(*place)[0], "gy": slope(*place)[1]})
        a, b, d = hessian(*place)
        for i, row in enumerate(((a, b), (b, d))):
            confirm(lambda v, i=i: slope(v["x"], v["y"])[i], dict(zip("xy", place)), dict(zip("xy", row)))
        second(g, a, b, d)
        if name == "rosenbrock":
            g.row("ratio", g.exact["large"] / g.exact["small"])
    for t in range(1, max(at) + 1):
        gradient = slope(*place)
        for i in range(2):
            step, state[i] = rule(gradient[i], state[i], t)
            place[i] -= rate * step
        if t in at:
            g.rows({f"x#{t + 1}": place[0], f"y#{t + 1}": place[1], f"f#{t + 1}": f(*place)})
    return g


def surfaces():
    monkey = ("0.3", "0.05"), "0.1"
    bend = lambda x, y: (6 * x, -6 * y, -6 * x)
    bent = lambda x, y: (2 - 400 * y + 1200 * x ** 2, -400 * x, mpf(200))
    rosen_start, few, many = ("-1", "1"), (1, 5, 10), (1, 10, 200)
    return [surface("monkey_saddle", on_monkey, by_monkey, None, *monkey, plain, few),
            surface("banana", rosen, by_rosen, None, rosen_start, "0.001", plain, many),
            surface("monkey", on_monkey, by_monkey, bend, *monkey, plain, few),
            surface("monkey_momentum", on_monkey, by_monkey, None, *monkey, momentum, few),
            surface("monkey_adam", on_monkey, by_monkey, None, *monkey, adam, few),
            surface("rosenbrock", rosen, by_rosen, bent, rosen_start, "0.001", plain, many),
            surface("rosenbrock_momentum", rosen, by_rosen, None, rosen_start, "0.001", momentum, many),
            surface("rosenbrock_adam", rosen, by_rosen, None, rosen_start, "0.02", adam, many)]


def exercises():
    first, pair, steps = (Golden(f"saddle_points.exercise_{i}") for i in (1, 2, 3))
    first.rows({"f": 0, "gx": 0, "gy": 0, "df/dx": 0, "df/dy": 0})
    second(first, *numbers("4", "-2", "10"))
    x, y, rate = numbers("-0.9", "0.1", "0.1")
    pair.rows({"f": x ** 3 / 3 - x + y ** 2 / 2, "gx": x ** 2 - 1, "gy": y, "a": 2 * x, "b": 0, "d": 1,
               "x+": x - rate * (x ** 2 - 1), "y+": y - rate * y})
    pair.derivatives("f", {"x": x ** 2 - 1, "y": y})
    steps.rows({"df/dx": 2 * X, "df/dy": -2 * Y, "factor": mpf("1.2"), "updates": mp.log(1000) / mp.log(mpf("1.2"))})
    return [first, pair, steps]


def newton():
    """Divided by the curvature, a step leads straight onto the saddle."""
    g = Golden("saddle_points.newton")
    g.rows({"f": X ** 2 - Y ** 2, "gx": 2 * X, "gy": -2 * Y, "to_x": 0, "to_y": 0, "df/dx": 2 * X, "df/dy": -2 * Y})
    return g


def millionth():
    g = Golden("saddle_points.millionth")
    g.row("updates", mp.log(10 ** 6) / mp.log(mpf("1.2")))
    return g


def tables():
    return [saddle(), hessian(), tilted(), two_valleys(),
            walk(Golden("saddle_points.valleys"), plain, (1, 40, 60, 80)),
            walk(Golden("saddle_points.by_momentum"), momentum, (1, 10, 40)),
            walk(Golden("saddle_points.by_adam"), adam, (1, 10, 40)),
            walk(Golden("saddle_points.by_adamw"), adam, (1, 10, 40), decay=mpf("0.01")),
            walk(Golden("saddle_points.by_nesterov"), nesterov, (1, 10, 40)),
            walk(Golden("saddle_points.by_adagrad"), adagrad, (1, 10, 40)),
            walk(Golden("saddle_points.by_rmsprop"), rmsprop, (1, 2, 3), names="y"),   # x all but 0 has few digits
            around(), *surfaces(), *exercises(), newton(), millionth()]
