"""The steady load that stands for a load that moves: by modified offered load, or by the rates.

Erlang's formula knows only a steady load. Five ways to choose one for each period of a cycle:

| method | load of a period |
|---|---|
| mol | the highest mean number busy with unlimited people, m(t) |
| sipp, sipp_max | the average, or highest, rate of the period itself times the mean task |
| lag, lag_max | the same, of the rate one mean task earlier |

Sources: Jennings, Mandelbaum, Massey, Whitt, Management Science 42 (1996) 1383-1394 (MOL);
Green, Kolesar, Soares, Operations Research 49 (2001) 549-564 (SIPP and lag, average and maximum).
"""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Method = Literal["mol", "sipp", "sipp_max", "lag", "lag_max"]
METHODS: tuple[Method, ...] = get_args(Method)


def modified_offered_load(load: Floats, step_over_task: float) -> Floats:
    """Return m at the ends of the steps of a cycle: the mean number busy with unlimited people.

    Solve m'(t) = (load(t) - m(t)) / task exactly for a load that is constant in each step and
    repeats after the last (Mt/M/infinity, started an eternity ago).

    Parameters
    ----------
    load
        Rate of arrival times mean length of a task, in people, one value a step.
    step_over_task
        Length of a step divided by the mean length of a task, above 0.
    """
    stay = math.exp(-step_over_task)

    def one_cycle(at: float) -> list[float]:
        return [at := value + (at - value) * stay for value in load.tolist()]

    # From an empty house the cycle ends at e; from m it ends at e + m * stay**steps, which is m.
    from_empty = one_cycle(0.0)
    start = from_empty[-1] / -math.expm1(-step_over_task * len(from_empty))
    return np.array(one_cycle(start))


def load_of_periods(
    load: Floats, step_over_task: float, method: Method = "mol", *, steps: int = 1
) -> Floats:
    """Return for each period of a cycle the steady load that stands for it, in people.

    Parameters
    ----------
    load, step_over_task
        See `modified_offered_load`; the load is taken as constant in each step.
    method
        See the table above.
    steps
        Steps a period; they divide the cycle.

    Raises
    ------
    ValueError
        For an unknown method, or periods that do not divide the cycle.
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r}; one of {', '.join(METHODS)} is possible")
    if steps < 1 or len(load) % steps:
        raise ValueError(
            f"periods of {steps} steps in a cycle of {len(load)}; choose a number that divides it"
        )
    if method == "mol":
        # With a constant load inside a step m(t) moves one way: its highest is at an end.
        ends = modified_offered_load(load, step_over_task)
        highest: Floats = np.maximum(ends, np.roll(ends, 1)).reshape(-1, steps).max(axis=1)
        highest[highest < 1e-6 * highest.max()] = 0.0  # the tail hours after the last work
        return highest
    lag = 1.0 / step_over_task if method.startswith("lag") else 0.0
    whole = math.floor(lag)
    rest = lag - whole  # of each step of a period so much lies one step further back
    near, far = np.roll(load, whole), np.roll(load, whole + 1)
    if method.endswith("_max"):
        seen = np.maximum(near, far) if rest > 0.0 else near
        return np.asarray(seen.reshape(-1, steps).max(axis=1))
    return np.asarray(((1.0 - rest) * near + rest * far).reshape(-1, steps).mean(axis=1))
