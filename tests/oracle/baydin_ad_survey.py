"""y = ln(x1) + x1 x2 - sin(x2) at (2, 5): dy/dx1 = 1/x1 + x2, dy/dx2 = x1 - cos(x2)."""

from mpmath import mp

from oracle import Golden, confirm, number

SOURCE = "Baydin et al., JMLR 18 (2018), table 2; as run by github.com/ntumlgroup/simpleautodiff"


def golden():
    g = Golden("baydin_ad_survey", SOURCE)
    x1, x2 = number("2"), number("5")
    v1 = g.row("v1", mp.log(x1))
    v2 = g.row("v2", x1 * x2)
    v3 = g.row("v3", v1 + v2)
    v4 = g.row("v4", mp.sin(x2))
    v5 = g.row("v5", v3 - v4)
    g.row("y", v5)

    by_x1 = {"v1": 1 / x1, "v2": x2, "v3": 1 / x1 + x2, "v4": 0, "v5": 1 / x1 + x2}
    by_x2 = {"v1": 0, "v2": x1, "v3": x1, "v4": mp.cos(x2), "v5": x1 - mp.cos(x2)}
    for name, slope in by_x1.items():
        g.row(f"d{name}/dx1", slope)
    for name, slope in by_x2.items():
        g.row(f"d{name}/dx2", slope)
    gradient = {"x1": 1 / x1 + x2, "x2": x1 - mp.cos(x2)}
    confirm(lambda p: mp.log(p["x1"]) + p["x1"] * p["x2"] - mp.sin(p["x2"]),
            {"x1": x1, "x2": x2}, gradient)
    g.derivatives("y", {"v5": 1, "v4": -1, "v3": 1, "v2": 1, "v1": 1, **gradient})

    g.printed({
        "v1": "0.693", "v2": "10", "v3": "10.693", "v4": "-0.959", "v5": "11.652",
        "dv1/dx1": "0.5", "dv2/dx1": "5", "dv3/dx1": "5.5", "dy/dx1": "5.5",
    })
    assert (g.right, g.wrong) == (9, 0)
    return g


def tables():
    return [golden()]
