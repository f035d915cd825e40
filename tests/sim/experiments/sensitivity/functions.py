"""Studies of functions instead of scenarios: dials and design are real, nothing is played."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sim.experiments.sensitivity.dials import Dial
from sim.experiments.sensitivity.pairs import saltelli_design
from sim.experiments.sensitivity.plan import Asked, Method, Plan, points_of
from sim.experiments.sensitivity.study import KpiAnswer, answer_of
from sim.experiments.statistics.sensitivity import morris_design, sobol_design
from sim.experiments.statistics.series import Floats
from sim.experiments.sweep.grid import Cell
from sim.scenario.loading import load

KPI = "order_lead_time_mean_h"
Function = Callable[[Floats], Floats]
Noise = Callable[[int], Floats]

A, B = 7.0, 0.1
ANGLES = tuple(Dial(name, -math.pi, math.pi) for name in ("x1", "x2", "x3"))


def ishigami(x: Floats) -> Floats:
    """Return sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 (Ishigami, Homma 1990); points x 3."""
    found: Floats = np.sin(x[:, 0]) * (1.0 + B * x[:, 2] ** 4) + A * np.sin(x[:, 1]) ** 2
    return found


def ishigami_shares() -> tuple[dict[str, float], dict[str, float], float]:
    """Return first and total indices, and the index of x1 with x3, from the closed form."""
    alone = 0.5 * (1.0 + B * math.pi**4 / 5.0) ** 2
    second = A**2 / 8.0
    both = B**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = alone + second + both
    first = {"x1": alone / whole, "x2": second / whole, "x3": 0.0}
    total = {"x1": (alone + both) / whole, "x2": second / whole, "x3": both / whole}
    return first, total, both / whole


def plan_for(
    dials: tuple[Dial, ...], method: Method, size: int, *, seed: int = 1, second_order: bool = False
) -> Plan:
    """Return a plan whose cells all stand for the baseline."""
    if method == "morris":
        shares = morris_design(len(dials), size, seed)
    elif second_order:
        shares = saltelli_design(len(dials), size, seed)
    else:
        shares = sobol_design(len(dials), size, seed)
    rows, places, stands = points_of(dials, shares)
    loaded = load("baseline")
    cells = tuple(Cell(number, row, loaded) for number, row in enumerate(rows))
    asked = Asked(tuple(d.key for d in dials), (KPI,), method, size, 5, second_order)
    return Plan(asked, dials, (KPI,), stands, cells, places, seed)


def answered(plan: Plan, function: Function, luck: Floats | None = None) -> KpiAnswer:
    """Return what the study says of a function of the dials' values, with luck added to it."""
    values = np.array([[float(word) for word in cell.words] for cell in plan.cells])
    found = function(values)[:, np.newaxis] + (np.zeros((1, 1)) if luck is None else luck)
    return answer_of(plan, KPI, found)
