"""The cheapest week of one person by dynamic programming, where each interval has a price.

Two programmes, one in the other. A shift from a start: the cheapest sequence of stretches to each
of its ends. A week: from start to start, with the intervals worked so far and, where the rule on
days in a row is to be kept, the length of the run of days as state.

`starts` holds the intervals at which a shift may start, ascending, with their calendar days.
`after` holds for each start and length the number of the first start that may follow (the number
of starts if none may), or -1 where the shift would leave the horizon.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Tasks = npt.NDArray[np.int8]

IDLE = -1
"""In a plan: no task."""


@compiled
def price_shifts(
    prices: Floats, may_do: Tasks, starts: Counts, shortest: int, stretch: int, shift_costs: Floats
) -> None:
    """Set the cost of the cheapest shift of each start and length.

    Parameters
    ----------
    prices
        Of one more person, by task and interval.
    may_do
        By task: 1 where the person can do it.
    starts, shortest, stretch
        Intervals of the starts; fewest intervals of a shift and of a stretch.
    shift_costs
        Is filled, by start and length - shortest; infinite where the shift leaves the horizon.
    """
    tasks, horizon = prices.shape
    longest = shortest + shift_costs.shape[1] - 1
    windows = np.empty(
        (horizon + 1, tasks)
    )  # price of a stretch of the shortest length, by its end
    for task in range(tasks):
        total = 0.0
        for slot in range(horizon):
            windows[slot, task] = total if slot >= stretch else np.inf
            total += prices[task, slot]
            if slot >= stretch:
                total -= prices[task, slot - stretch]
        windows[horizon, task] = total
        if may_do[task] == 0:
            windows[:, task] = np.inf
    ended = np.empty(longest + 1)
    running = np.empty(tasks)
    for number in range(len(starts)):
        first = starts[number]
        running[:] = np.inf
        ended[:] = np.inf
        ended[0] = 0.0
        for length in range(stretch, min(longest, horizon - first) + 1):
            least = np.inf
            base = ended[length - stretch]
            for task in range(tasks):
                value = min(
                    running[task] + prices[task, first + length - 1],
                    base + windows[first + length, task],
                )
                running[task] = value
                least = min(least, value)
            ended[length] = least
        for length in range(shortest, longest + 1):
            shift_costs[number, length - shortest] = ended[length]


@compiled
def fill_weeks(
    shift_costs: Floats,
    days: Counts,
    after: Counts,
    left: Counts,
    shortest: int,
    fewest: int,
    most: int,
    runs: int,
    costs: Floats,
) -> None:
    """Set the cost of the cheapest shifts before each start, by run of days and intervals worked.

    Parameters
    ----------
    shift_costs, shortest
        As :func:`price_shifts` has filled them.
    days, after
        Calendar day of each start; which start may follow a shift.
    left
        Most intervals that can be worked from each start on; 0 at the end.
    fewest, most
        Intervals of the week; what cannot come to the fewest any more is not followed up.
    runs
        1: runs of days are not counted; else the most days in a row, plus 1.
    costs
        Is filled, shape (starts + 1, runs, most + 1 or more): the last row is the end of the week.
    """
    points, lengths = shift_costs.shape
    costs[: points + 1, :runs, : most + 1] = np.inf
    costs[0, 0, 0] = 0.0
    low = np.full((points + 1, runs), most + 1)
    high = np.full((points + 1, runs), -1)
    low[0, 0] = high[0, 0] = 0
    for point in range(points + 1):
        useful = fewest - left[point]
        if point > 0:
            same_day = point < points and days[point] == days[point - 1]
            for run in range(runs):
                into = run if same_day else 0
                source = costs[point - 1, run]
                target = costs[point, into]
                for used in range(max(low[point - 1, run], useful), high[point - 1, run] + 1):
                    target[used] = min(target[used], source[used])
                low[point, into] = min(low[point, into], low[point - 1, run])
                high[point, into] = max(high[point, into], high[point - 1, run])
        if point == points:
            break
        for run in range(max(1, runs - 1)):
            begin = max(low[point, run], useful)
            for extra in range(lengths):
                following = after[point, extra]
                if following < 0:
                    break
                length = shortest + extra
                end = min(high[point, run], most - length)
                if begin > end:
                    break
                into = 0
                if runs > 1 and following < points and days[following] == days[point] + 1:
                    into = run + 1
                price = shift_costs[point, extra]
                source = costs[point, run]
                target = costs[following, into, length:]
                for used in range(begin, end + 1):
                    target[used] = min(target[used], source[used] + price)
                low[following, into] = min(low[following, into], begin + length)
                high[following, into] = max(high[following, into], end + length)


@compiled
def _trace_shift(
    prices: Floats, may_do: Tasks, first: int, length: int, stretch: int, week: Tasks
) -> None:
    """Write the tasks of the cheapest shift of a start and a length into a week."""
    tasks = prices.shape[0]
    ended = np.full(length + 1, np.inf)
    task_at = np.full(length + 1, -1)
    running = np.full((length + 1, tasks), np.inf)
    began = np.zeros((length + 1, tasks), np.int32)
    ended[0] = 0.0
    for end in range(stretch, length + 1):
        for task in range(tasks):
            if may_do[task] == 0:
                continue
            value = ended[end - stretch]
            for slot in range(end - stretch, end):
                value += prices[task, first + slot]
            began[end, task] = end - stretch
            going_on = running[end - 1, task] + prices[task, first + end - 1]
            if going_on <= value:
                value = going_on
                began[end, task] = began[end - 1, task]
            running[end, task] = value
            if value < ended[end]:
                ended[end] = value
                task_at[end] = task
    end = length
    while end > 0:
        task = task_at[end]
        begin = began[end, task]
        week[first + begin : first + end] = task
        end = begin


@compiled
def _step_back(days: Counts, costs: Floats, point: int, runs: int, run: int, used: int) -> int:
    """Return the run of days of the same shifts at the start before, or -1 if there are more."""
    points = len(days)
    value = costs[point, run, used]
    if point < points and days[point] == days[point - 1]:
        return run if costs[point - 1, run, used] == value else -1
    if run == 0:
        for other in range(runs):
            if costs[point - 1, other, used] == value:
                return other
    return -1


@compiled
def _last_shift(
    days: Counts,
    after: Counts,
    shift_costs: Floats,
    shortest: int,
    runs: int,
    costs: Floats,
    point: int,
    run: int,
    used: int,
) -> tuple[int, int, int]:
    """Return start, length and run of days before the shift after which a start follows."""
    points, lengths = shift_costs.shape
    value = costs[point, run, used]
    for source in range(point - 1, -1, -1):
        first, last = 0, max(1, runs - 1)
        if runs > 1 and point < points and days[point] == days[source] + 1:
            first, last = run - 1, run
        elif run != 0:
            continue
        for extra in range(min(lengths, used - shortest + 1)):
            if after[source, extra] == point:
                before = used - shortest - extra
                for other in range(max(first, 0), last):
                    if costs[source, other, before] + shift_costs[source, extra] == value:
                        return source, shortest + extra, other
    return -1, 0, 0


@compiled
def trace_week(
    prices: Floats,
    may_do: Tasks,
    starts: Counts,
    days: Counts,
    after: Counts,
    shortest: int,
    stretch: int,
    shift_costs: Floats,
    runs: int,
    costs: Floats,
    used: int,
    week: Tasks,
) -> int:
    """Write the cheapest week of so many intervals; return the longest run of days in it.

    Parameters
    ----------
    prices, may_do, starts, days, after, shortest, stretch, shift_costs, runs, costs
        As above, `costs` filled by :func:`fill_weeks`. What a cost is made of is found by adding
        the same numbers again, so equal means equal to the last bit.
    used
        Intervals of the week.
    week
        Is filled: the task in each interval, or `IDLE`.
    """
    week[:] = IDLE
    point = len(starts)
    run = runs - 1
    for other in range(runs):
        if costs[point, other, used] < costs[point, run, used]:
            run = other
    longest = row = 0
    day_after = -1
    while used > 0:
        while point > 0:
            before = _step_back(days, costs, point, runs, run, used)
            if before < 0:
                break
            run = before
            point -= 1
        point, length, run = _last_shift(
            days, after, shift_costs, shortest, runs, costs, point, run, used
        )
        if point < 0:
            return -1
        used -= length
        _trace_shift(prices, may_do, starts[point], length, stretch, week)
        row = row + 1 if days[point] + 1 == day_after else 1
        day_after = days[point]
        longest = max(longest, row)
    return longest
