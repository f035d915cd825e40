"""The cheapest row of one person: a walk over days through everything that their rules remember.

What a rule remembers on the evening of a day: the layer (weekends worked, and how often each shift
that is counted was worked), the state (days off in a row, or the shift and the days worked in a
row), and the working time in steps. A table holds the least cost of each; the innermost loop runs
over working time alone, so that the processor takes several at once.

States: 0 to ``min_off - 1`` are 1 to ``min_off`` days off in a row (the last one: or more), then
``max_run`` states for each shift. A run that began on day 0 has as many days as the horizon so far,
and is told by that from a run that may still be too short.
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
        value = source[time - steps] + cost
        into[time] = value if value < into[time] else into[time]


@compiled
def _may_rest(rules: Ints, run: int, day: int) -> bool:
    """Return whether a run of so many days may end on the evening before ``day``."""
    return run >= rules[MIN_RUN] or run == day


@compiled
def _ready(
    table: Floats, day: int, layer: int, rules: Ints, follows: Ints, steps: Ints, shift: int,
    run: int, best: Floats,
) -> None:  # fmt: skip
    """Write the least costs before ``day`` from which a shift may begin, as day 1 of a run or on.

    ``best`` is over working time; ``run`` is the run of the evening before, 0 for days off.
    """
    count = steps.shape[0]
    offs, longest, width = rules[MIN_OFF], rules[MAX_RUN], best.shape[0]
    best[:] = inf
    if run == 0:
        for off in range(offs):
            if off == offs - 1 or off + 1 == day:
                _take(best, table[layer, off], 0.0, 0, 0, width)
        return
    for before in range(count):
        if follows[before, shift]:
            _take(best, table[layer, offs + before * longest + run - 1], 0.0, 0, 0, width)


@compiled
def _rest(table: Floats, nexts: Floats, day: int, layer: int, rules: Ints, shifts: int) -> None:
    """Fill the states of a day off."""
    offs, longest, width = rules[MIN_OFF], rules[MAX_RUN], table.shape[2]
    for off in range(offs):
        _take(nexts[layer, min(off + 1, offs - 1)], table[layer, off], 0.0, 0, 0, width)
    for run in range(1, longest + 1):
        if _may_rest(rules, run, day):
            for shift in range(shifts):
                source = table[layer, offs + shift * longest + run - 1]
                _take(nexts[layer, 0], source, 0.0, 0, 0, width)


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
    table: Floats, nexts: Floats, day: int, layer: int, rules: Ints, follows: Ints, steps: Ints,
    stride: Ints, most: Ints, costs: Floats, best: Floats, low: int, high: int,
) -> None:  # fmt: skip
    """Fill the states of a day worked."""
    offs, longest = rules[MIN_OFF], rules[MAX_RUN]
    for shift in range(steps.shape[0]):
        if costs[shift] == inf:
            continue
        for run in range(longest):
            if run > day:
                break
            weekend = 1 if _adds_weekend(day, run) else 0
            after = _layer_after(layer, weekend, shift, rules, stride, most)
            if after < 0:
                continue
            _ready(table, day, layer, rules, follows, steps, shift, run, best)
            into = nexts[after, offs + shift * longest + run]
            _take(into, best, costs[shift], steps[shift], low, high)


@compiled
def _first_day(
    table: Floats, rules: Ints, steps: Ints, stride: Ints, most: Ints, costs: Floats
) -> None:
    """Fill the table of day 0."""
    table[0, 0, 0] = 0.0
    for shift in range(steps.shape[0]):
        if costs[shift] < inf and steps[shift] < table.shape[2]:
            after = _layer_after(0, 0, shift, rules, stride, most)
            if after >= 0:
                state = rules[MIN_OFF] + shift * rules[MAX_RUN]
                table[after, state, steps[shift]] = costs[shift]


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
def _back(
    tables: Floats, day: int, layer: int, state: int, time: int, rules: Ints, follows: Ints,
    steps: Ints, stride: Ints, costs: Floats,
) -> tuple[int, int, int]:  # fmt: skip
    """Return layer, state and working time of the evening before; the cost is met exactly."""
    offs, longest = rules[MIN_OFF], rules[MAX_RUN]
    table, cost = tables[day - 1], tables[day, layer, state, time]
    if state < offs:
        for off in range(offs):
            if min(off + 1, offs - 1) == state and table[layer, off, time] == cost:
                return layer, off, time
        for run in range(1, longest + 1):
            if state == 0 and _may_rest(rules, run, day):
                for shift in range(steps.shape[0]):
                    before = offs + shift * longest + run - 1
                    if table[layer, before, time] == cost:
                        return layer, before, time
        return -1, -1, -1
    shift, run = (state - offs) // longest, (state - offs) % longest
    earlier = layer - stride[shift] - (1 if _adds_weekend(day, run) else 0)
    since = time - steps[shift]
    if run == 0:
        for off in range(offs):
            if off == offs - 1 or off + 1 == day:
                if table[earlier, off, since] + costs[shift] == cost:
                    return earlier, off, since
    else:
        for other in range(steps.shape[0]):
            before = offs + other * longest + run - 1
            if follows[other, shift] and table[earlier, before, since] + costs[shift] == cost:
                return earlier, before, since
    return -1, -1, -1


@compiled
def cheapest_row(
    costs: Floats, rules: Ints, follows: Ints, steps: Ints, stride: Ints, most: Ints,
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
        Whether a shift may be worked on the day after another, (shifts, shifts): [before, after].
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
    layers, states = counted_minutes.shape[0], rules[MIN_OFF] + shifts * rules[MAX_RUN]
    tables = np.full((days, layers, states, width), inf)
    best = np.empty(width)
    longest = 0
    for shift in range(shifts):
        longest = max(longest, steps[shift])
    _first_day(tables[0], rules, steps, stride, most, costs[0])
    for day in range(1, days):
        high = min(width, (day + 1) * longest + 1)
        for layer in range(layers):
            _rest(tables[day - 1], tables[day], day, layer, rules, shifts)
            _work(
                tables[day - 1], tables[day], day, layer, rules, follows, steps, stride, most,
                costs[day], best, 0, high,
            )  # fmt: skip
    cost, layer, state, time = _end(tables[days - 1], rules, counted_minutes)
    if cost == inf:
        return cost
    for day in range(days - 1, -1, -1):
        off = state < rules[MIN_OFF]
        row[day] = -1 if off else (state - rules[MIN_OFF]) // rules[MAX_RUN]
        if day > 0:
            layer, state, time = _back(
                tables, day, layer, state, time, rules, follows, steps, stride, costs[day]
            )
    return cost
