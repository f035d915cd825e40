"""The cheapest row of one person: a walk over days through everything that their rules remember.

What a rule remembers on the evening of a day: the layer (weekends worked, and how often each shift
that is counted was worked), the state (days off in a row, or the kind of shift and the days worked
in a row), and the working time in steps. A table holds the least cost of each; the innermost loop
runs over working time alone, so that the processor takes several at once.

States: 0 to ``min_off - 1`` are 1 to ``min_off`` days off in a row (the last one: or more), then
``max_run`` states for each kind of shift. A run that began on day 0 has as many days as the horizon
so far, and is told by that from a run that may still be too short.
"""

from __future__ import annotations

from math import inf
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

MIN_OFF, MIN_RUN, MAX_RUN, MAX_WEEKENDS = 0, 1, 2, 3
LEAST, MOST, STEP_MINUTES = 4, 5, 6
RULES = 7


@compiled
def _take(into: Floats, source: Floats, cost: float, steps: int, low: int, high: int) -> None:
    """Lower ``into[low:high]`` to what ``source`` holds so many steps earlier, and the cost."""
    for time in range(max(low, steps), high):
        into[time] = min(into[time], source[time - steps] + cost)


@compiled
def _may_rest(rules: Ints, run: int, day: int) -> bool:
    """Return whether a run of so many days may end on the evening before ``day``."""
    return run >= rules[MIN_RUN] or run == day


@compiled
def _ready(
    table: Floats, day: int, layer: int, rules: Ints, follows: Ints, shift: int, run: int,
    best: Floats,
) -> None:  # fmt: skip
    """Write the least costs of the evening before ``day`` from which a shift may be worked.

    ``best`` is over working time; ``run`` is the run of the evening before, 0 for days off.
    """
    offs, longest, width = rules[MIN_OFF], rules[MAX_RUN], best.shape[0]
    best[:] = inf
    if run == 0:
        for off in range(offs):
            if off == offs - 1 or off + 1 == day:
                _take(best, table[layer, off], 0.0, 0, 0, width)
        return
    for kind in range(follows.shape[0]):
        if follows[kind, shift]:
            _take(best, table[layer, offs + kind * longest + run - 1], 0.0, 0, 0, width)


@compiled
def _rest(table: Floats, nexts: Floats, day: int, layer: int, rules: Ints, high: int) -> None:
    """Fill the states of a day off."""
    offs, longest = rules[MIN_OFF], rules[MAX_RUN]
    for off in range(offs):
        _take(nexts[layer, min(off + 1, offs - 1)], table[layer, off], 0.0, 0, 0, high)
    for state in range(offs, table.shape[1]):
        if _may_rest(rules, (state - offs) % longest + 1, day):
            _take(nexts[layer, 0], table[layer, state], 0.0, 0, 0, high)


@compiled
def _adds_weekend(day: int, run: int) -> bool:
    """Return whether a shift on ``day`` begins a working weekend; ``run`` as before that day."""
    return day % 7 == 5 or (day % 7 == 6 and run == 0)


@compiled
def _layer_after(
    layer: int, weekend: int, shift: int, rules: Ints, stride: Ints, most: Ints
) -> int:
    """Return the layer after a shift, -1 where a limit is passed."""
    weekends = rules[MAX_WEEKENDS] + 1
    after = layer
    if weekend > 0:
        if layer % weekends == weekends - 1:
            return -1
        after += 1
    if stride[shift] > 0:
        if layer // stride[shift] % (most[shift] + 1) == most[shift]:
            return -1
        after += stride[shift]
    return after


@compiled
def _work(
    table: Floats, nexts: Floats, day: int, layer: int, rules: Ints, follows: Ints, kinds: Ints,
    steps: Ints, stride: Ints, most: Ints, costs: Floats, best: Floats, high: int,
) -> None:  # fmt: skip
    """Fill the states of a day worked."""
    offs, longest, shifts = rules[MIN_OFF], rules[MAX_RUN], steps.shape[0]
    for run in range(min(longest, day + 1)):
        weekend = 1 if _adds_weekend(day, run) else 0
        if run == 0:
            _ready(table, day, layer, rules, follows, 0, run, best[:high])
        for shift in range(shifts):
            if costs[shift] == inf:
                continue
            after = _layer_after(layer, weekend, shift, rules, stride, most)
            if after < 0:
                continue
            if run > 0:
                _ready(table, day, layer, rules, follows, shift, run, best[:high])
            into = nexts[after, offs + kinds[shift] * longest + run]
            _take(into, best, costs[shift], steps[shift], steps[shift], high)


@compiled
def _first_day(
    table: Floats, rules: Ints, kinds: Ints, steps: Ints, stride: Ints, most: Ints, costs: Floats
) -> None:
    """Fill the table of day 0."""
    table[0, 0, 0] = 0.0
    for shift in range(steps.shape[0]):
        if costs[shift] < inf and steps[shift] < table.shape[2]:
            after = _layer_after(0, 0, shift, rules, stride, most)
            if after >= 0:
                state, time = rules[MIN_OFF] + kinds[shift] * rules[MAX_RUN], steps[shift]
                table[after, state, time] = min(table[after, state, time], costs[shift])


@compiled
def _end(table: Floats, rules: Ints, counted_minutes: Ints) -> tuple[float, int, int, int]:
    """Return the cheapest lawful evening of the last day: cost, layer, state, working time."""
    cost, end_layer, end_state, end_time = inf, 0, 0, 0
    for layer in range(table.shape[0]):
        for state in range(table.shape[1]):
            for time in range(table.shape[2]):
                minutes = time * rules[STEP_MINUTES] + counted_minutes[layer]
                if rules[LEAST] <= minutes <= rules[MOST] and table[layer, state, time] < cost:
                    cost = table[layer, state, time]
                    end_layer, end_state, end_time = layer, state, time
    return cost, end_layer, end_state, end_time


@compiled
def _rested(
    table: Floats, day: int, layer: int, time: int, cost: float, off: int, rules: Ints
) -> int:
    """Return the state of the evening before a day off from which the cost was met."""
    offs = rules[MIN_OFF]
    for state in range(table.shape[1]):
        if state < offs:
            comes = min(state + 1, offs - 1) == off
        else:
            comes = off == 0 and _may_rest(rules, (state - offs) % rules[MAX_RUN] + 1, day)
        if comes and table[layer, state, time] == cost:
            return state
    return -1


@compiled
def _worked(
    table: Floats, day: int, layer: int, time: int, cost: float, run: int, shift: int,
    rules: Ints, follows: Ints,
) -> int:  # fmt: skip
    """Return the state of the evening before a day worked from which the cost was met."""
    offs, longest = rules[MIN_OFF], rules[MAX_RUN]
    if run == 0:
        for off in range(offs):
            if (off == offs - 1 or off + 1 == day) and table[layer, off, time] == cost:
                return off
        return -1
    for kind in range(follows.shape[0]):
        state = offs + kind * longest + run - 1
        if follows[kind, shift] and table[layer, state, time] == cost:
            return int(state)
    return -1


@compiled
def _shift_of(
    tables: Floats, day: int, layer: int, state: int, time: int, rules: Ints, follows: Ints,
    kinds: Ints, steps: Ints, stride: Ints, most: Ints, costs: Floats,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Return the shift worked, and layer, state and working time of the evening before.

    Costs are met exactly: they are added as they were when the table was filled.
    """
    offs, longest = rules[MIN_OFF], rules[MAX_RUN]
    kind, run = (state - offs) // longest, (state - offs) % longest
    for shift in range(steps.shape[0]):
        earlier = layer - stride[shift] - (1 if day > 0 and _adds_weekend(day, run) else 0)
        since = time - steps[shift]
        if kinds[shift] != kind or earlier < 0 or since < 0 or costs[shift] == inf:
            continue
        if day == 0:
            if earlier == 0 and since == 0 and costs[shift] == tables[0, layer, state, time]:
                return shift, 0, 0, 0
            continue
        if layer != _layer_after(
            earlier, layer - stride[shift] - earlier, shift, rules, stride, most
        ):
            continue
        for before in range(tables.shape[2]):
            if (
                tables[day - 1, earlier, before, since] + costs[shift]
                == tables[day, layer, state, time]
            ):
                cost = tables[day - 1, earlier, before, since]
                found = _worked(
                    tables[day - 1], day, earlier, since, cost, run, shift, rules, follows
                )
                if found >= 0:
                    return shift, earlier, found, since
    return -1, -1, -1, -1


@compiled
def cheapest_row(
    costs: Floats, rules: Ints, follows: Ints, kinds: Ints, steps: Ints, stride: Ints, most: Ints,
    counted_minutes: Ints, width: int, row: Ints,
) -> float:  # fmt: skip
    """Find the cheapest row of a person.

    Parameters
    ----------
    costs
        Cost of working each shift on each day, (days, shifts); inf where it may not be.
    rules
        The person's numbers, see the names above.
    follows
        Whether a shift may be worked on the day after one of a kind, (kinds, shifts).
    kinds
        The kind of each shift: shifts of a kind allow the same shifts after them.
    steps
        Working time of each shift in steps; 0 where the layer counts it.
    stride
        What a shift adds to the layer, 0 where it is not counted.
    most
        Most of each shift that is counted.
    counted_minutes
        Working time of the counted shifts of each layer, in minutes, (layers,).
    width
        Steps of working time that may be needed, plus 1.
    row
        Written: the shift of each day, -1 for a day off.

    Returns
    -------
    float
        Cost; inf where no row keeps the rules.
    """
    days, shifts = costs.shape
    layers = counted_minutes.shape[0]
    states = rules[MIN_OFF] + follows.shape[0] * rules[MAX_RUN]
    tables = np.full((days, layers, states, width), inf)
    best = np.empty(width)
    longest = 0
    for shift in range(shifts):
        longest = max(longest, steps[shift])
    _first_day(tables[0], rules, kinds, steps, stride, most, costs[0])
    for day in range(1, days):
        high = min(width, (day + 1) * longest + 1)
        for layer in range(layers):
            _rest(tables[day - 1], tables[day], day, layer, rules, high)
            _work(
                tables[day - 1], tables[day], day, layer, rules, follows, kinds, steps, stride,
                most, costs[day], best, high,
            )  # fmt: skip
    cost, layer, state, time = _end(tables[days - 1], rules, counted_minutes)
    if cost == inf:
        return cost
    for day in range(days - 1, -1, -1):
        if state < rules[MIN_OFF]:
            row[day] = -1
            if day > 0:
                now = tables[day, layer, state, time]
                state = _rested(tables[day - 1], day, layer, time, now, state, rules)
        else:
            row[day], layer, state, time = _shift_of(
                tables, day, layer, state, time, rules, follows, kinds, steps, stride, most,
                costs[day],
            )  # fmt: skip
    return cost
