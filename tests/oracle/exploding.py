"""Gradients that grow, and two ways to clip them.

too_steep   the ten layers of vanishing.py with weights of 2
recurrent   h_1 = 1, h_t = w h_(t-1), E = (h_10 - 1)^2/2, so h_10 = w^9 and dE/dw = (w^9 - 1) 9 w^8
by_value    the same, w+ = w - rate max(-1, min(1, g))
by_norm     h_1 = u: h_10 = u w^9, dE/dw = (h_10 - 1) 9 u w^8, dE/du = (h_10 - 1) w^9; rate min(1, 1/norm)
exercise_2  p = wx + b, E = (p - y)^2/2, clipped by norm
"""

from mpmath import mp

import vanishing
from oracle import Golden, confirm, mpf, numbers


def slope(w):
    return (w ** 9 - 1) * 9 * w ** 8


def loss(w):
    return (w ** 9 - 1) ** 2 / 2


def recurrent():
    g = Golden("exploding.recurrent")
    w, rate = numbers("1.5", "0.01")
    g.rows({f"h[{t}]": w ** (t - 1) for t in range(1, 11)} | {"E": loss(w), "dh[10]/dh[1]": w ** 9})
    confirm(lambda v: loss(v["w"]), {"w": w}, {"w": slope(w)})
    g.derivatives("E", {f"h[{t}]": (w ** 9 - 1) * w ** (10 - t) for t in range(1, 11)} | {"w": slope(w)})
    g.row("E#2", loss(w - rate * slope(w)))
    return g


def by_value():
    g = Golden("exploding.by_value")
    w, rate = numbers("1.5", "0.01")
    g.row("dE/dw", slope(w))
    for update in range(1, 42):
        if update in (1, 2, 3, 4, 11, 41):
            g.row(f"E#{update}", loss(w))
        w -= rate * max(mpf(-1), min(mpf(1), slope(w)))
    return g


def by_norm():
    g = Golden("exploding.by_norm")
    w, u, rate = numbers("1.2", "0.5", "0.05")
    error = u * w ** 9 - 1
    gradient = {"w": error * 9 * u * w ** 8, "u": error * w ** 9}
    confirm(lambda v: (v["u"] * v["w"] ** 9 - 1) ** 2 / 2, {"w": w, "u": u}, gradient)
    norm = mp.sqrt(gradient["w"] ** 2 + gradient["u"] ** 2)
    g.rows({"E": error ** 2 / 2, "norm": norm, "factor": 1 / norm})
    g.derivatives("E", gradient)
    g.updates({"w": w, "u": u}, gradient, rate / norm)
    return g


def wall():
    g = Golden("exploding.wall")
    for k, w in enumerate(numbers("0.6", "0.8", "1", "1.2", "1.4", "1.6"), start=1):
        g.rows({f"E[{k}]": loss(w), f"slope[{k}]": slope(w)})
    return g


def exercise_2():
    g = Golden("exploding.exercise_2")
    x, y, w, b, rate = numbers("2", "1", "1.5", "0.5", "0.1")
    error = w * x + b - y
    gradient = {"w": error * x, "b": error}
    norm = abs(error) * mp.sqrt(x ** 2 + 1)
    g.rows({"p": error + y, "E": error ** 2 / 2, "norm": norm, "factor": 1 / norm})
    g.derivatives("E", gradient)
    g.updates({"w": w, "b": b}, gradient, rate / norm)
    return g


def edge():
    g = Golden("exploding.edge")
    for k, w in enumerate(numbers("0.5", "0.9", "1", "1.1", "1.5"), start=1):
        g.rows({f"nine[{k}]": w ** 9, f"fifty[{k}]": w ** 50})
    return g


def directions():
    """Both derivatives of by_norm are above 1: clipped by value they are 1 and 1, by norm g/norm."""
    g = Golden("exploding.directions")
    w, u = numbers("1.2", "0.5")
    error = u * w ** 9 - 1
    g_w, g_u = error * 9 * u * w ** 8, error * w ** 9
    norm = mp.sqrt(g_w ** 2 + g_u ** 2)
    assert min(g_w, g_u) > 1
    g.rows({f"h[{t}]": u * w ** (t - 1) for t in range(1, 11)} | {"E": error ** 2 / 2, "g_w": g_w, "g_u": g_u,
           "norm": norm, "v_w": 1, "v_u": 1, "n_w": g_w / norm, "n_u": g_u / norm, "r": w / (9 * u), "r_v": 1,
           "r_n": w / (9 * u)})
    g.derivatives("E", {"w": g_w, "u": g_u})
    return g


def tables():
    return [vanishing.layers("exploding", vanishing.rectified, "2", "0", "0.01"),
            recurrent(), by_value(), by_norm(), wall(), exercise_2(),
            edge(),
            directions()]
