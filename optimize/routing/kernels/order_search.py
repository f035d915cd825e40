"""Local search over the visit order of one walk, with precedence and costs that depend on headings.

Each place has one or more states, the ways in which one may arrive at it; a leg costs what leads
from a state of one place to a state of the next. What an order costs is the shortest path through
the states of its places. Forward and backward shortest paths are kept for each place of the tour,
so that a move is priced exactly by its few new legs (moves: Or, 1976; 2-opt: Croes, 1958; restarts
from a shaken best tour: Lourenço, Martin & Stützle, 2003).
"""

from __future__ import annotations

from math import inf

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

GAIN = 1e-9  # smaller gains are rounding, and could be undone for ever
LONGEST = 3  # places moved at once


@compiled
def _onward(known: Floats, here: int, there: int, first: Wholes, ways: Floats, out: Floats) -> None:
    """Fill the cheapest cost of each state of the next place, from those of the place before."""
    for b in range(first[there + 1] - first[there]):
        least = inf
        for a in range(first[here + 1] - first[here]):
            cost = known[a] + ways[first[here] + a, first[there] + b]
            least = min(least, cost)
        out[b] = least


@compiled
def _back(known: Floats, here: int, there: int, first: Wholes, ways: Floats, out: Floats) -> None:
    """Fill the cheapest cost from each state of a place to the end, from those of the next one."""
    for a in range(first[here + 1] - first[here]):
        least = inf
        for b in range(first[there + 1] - first[there]):
            cost = ways[first[here] + a, first[there] + b] + known[b]
            least = min(least, cost)
        out[a] = least


@compiled
def _joined(
    left: Floats, here: int, right: Floats, there: int, first: Wholes, ways: Floats
) -> float:
    least = inf
    for a in range(first[here + 1] - first[here]):
        for b in range(first[there + 1] - first[there]):
            cost = left[a] + ways[first[here] + a, first[there] + b] + right[b]
            least = min(least, cost)
    return least


@compiled
def _priced(tour: Wholes, first: Wholes, ways: Floats, ahead: Floats, behind: Floats) -> float:
    """Fill the cheapest costs to and from the states of each place; return the tour's."""
    last = len(tour) - 1
    ahead[0, 0] = 0.0
    for at in range(1, last + 1):
        _onward(ahead[at - 1], tour[at - 1], tour[at], first, ways, ahead[at])
    behind[last, 0] = 0.0
    for at in range(last - 1, -1, -1):
        _back(behind[at + 1], tour[at], tour[at + 1], first, ways, behind[at])
    return float(ahead[last, 0])


@compiled
def _placed(
    left: Floats,
    here: int,
    tour: Wholes,
    start: int,
    count: int,
    turned: bool,
    right: Floats,
    there: int,
    first: Wholes,
    ways: Floats,
    scratch: Floats,
) -> float:
    """Return the cost with a stretch of the tour, maybe turned round, between two known parts."""
    known = left
    for step in range(count):
        place = tour[start + count - 1 - step] if turned else tour[start + step]
        out = scratch[step]
        _onward(known, here, place, first, ways, out)
        known, here = out, place
    return _joined(known, here, right, there, first, ways)


@compiled
def _move_stretch(  # noqa: PLR0912, C901
    tour: Wholes,
    start: int,
    count: int,
    cost: float,
    first: Wholes,
    ways: Floats,
    before: Flags,
    ahead: Floats,
    behind: Floats,
    scratch: Floats,
) -> bool:
    """Move a stretch to its best place, either way round; say whether that is cheaper."""
    size = len(tour)
    may_turn = count > 1
    for i in range(start, start + count - 1):
        for j in range(i + 1, start + count):
            if before[tour[i], tour[j]]:
                may_turn = False
    best, best_at, best_turned = cost - GAIN, -1, False
    passed, spare = scratch[LONGEST], scratch[LONGEST + 1]
    # To the right: what has been passed joins the part in front.
    for state in range(ahead.shape[1]):
        passed[state] = ahead[start - 1, state]
    here = tour[start - 1]
    for at in range(start + count, size - 1):
        blocked = False
        for i in range(start, start + count):
            blocked = blocked or before[tour[i], tour[at]]
        if blocked:
            break
        _onward(passed, here, tour[at], first, ways, spare)
        passed, spare, here = spare, passed, tour[at]
        for turned in range(2 if may_turn else 1):
            new = _placed(passed, here, tour, start, count, turned == 1, behind[at + 1],
                          tour[at + 1], first, ways, scratch)  # fmt: skip
            if new < best:
                best, best_at, best_turned = new, at, turned == 1
    # To the left: what has been passed joins the part behind.
    for state in range(ahead.shape[1]):
        passed[state] = behind[start + count, state]
    there = tour[start + count]
    for at in range(start - 1, 0, -1):
        blocked = False
        for i in range(start, start + count):
            blocked = blocked or before[tour[at], tour[i]]
        if blocked:
            break
        _back(passed, tour[at], there, first, ways, spare)
        passed, spare, there = spare, passed, tour[at]
        for turned in range(2 if may_turn else 1):
            new = _placed(ahead[at - 1], tour[at - 1], tour, start, count, turned == 1, passed,
                          there, first, ways, scratch)  # fmt: skip
            if new < best:
                best, best_at, best_turned = new, at, turned == 1
    if best_at < 0:
        return False
    stretch = tour[start : start + count].copy()
    if best_turned:
        stretch = stretch[::-1].copy()
    if best_at > start:
        for at in range(start + count, best_at + 1):
            tour[at - count] = tour[at]
        tour[best_at + 1 - count : best_at + 1] = stretch
    else:
        for at in range(start - 1, best_at - 1, -1):
            tour[at + count] = tour[at]
        tour[best_at : best_at + count] = stretch
    return True


@compiled
def _turn_stretch(  # noqa: C901
    tour: Wholes,
    left: int,
    cost: float,
    first: Wholes,
    ways: Floats,
    before: Flags,
    ahead: Floats,
    behind: Floats,
    scratch: Floats,
    through: Floats,
) -> bool:
    """Turn round the stretch from ``left`` that gains most; say whether one gains."""
    size, states = len(tour), ahead.shape[1]
    best, best_right = cost - GAIN, -1
    # through[now][a, b]: cost from state a of the right end back to state b of the left end.
    now = 0
    for a in range(states):
        for b in range(states):
            through[0, a, b] = 0.0 if a == b else inf
    entered, left_at = scratch[0], tour[left]
    for right in range(left + 1, size - 1):
        blocked = False
        for at in range(left, right):
            blocked = blocked or before[tour[at], tour[right]]
        if blocked:
            break
        near, far = tour[right - 1], tour[right]
        for a in range(first[far + 1] - first[far]):
            for b in range(first[left_at + 1] - first[left_at]):
                least = inf
                for c in range(first[near + 1] - first[near]):
                    least = min(least, ways[first[far] + a, first[near] + c] + through[now, c, b])
                through[1 - now, a, b] = least
        now = 1 - now
        _onward(ahead[left - 1], tour[left - 1], far, first, ways, entered)
        for b in range(first[left_at + 1] - first[left_at]):
            least = inf
            for a in range(first[far + 1] - first[far]):
                least = min(least, entered[a] + through[now, a, b])
            scratch[1, b] = least
        new = _joined(scratch[1], left_at, behind[right + 1], tour[right + 1], first, ways)
        if new < best:
            best, best_right = new, right
    if best_right < 0:
        return False
    tour[left : best_right + 1] = tour[left : best_right + 1][::-1].copy()
    return True


@compiled
def _shaken(tour: Wholes, before: Flags, draw: int) -> int:
    """Swap two neighbouring short stretches at a random place; return the next random number."""
    inner = len(tour) - 2
    for _ in range(20):
        # Park & Miller (1988): the same numbers compiled and interpreted.
        draw = draw * 48271 % 2147483647
        start = 1 + draw % (inner - 1)
        draw = draw * 48271 % 2147483647
        middle = start + 1 + draw % 8
        draw = draw * 48271 % 2147483647
        end = middle + 1 + draw % 8
        if end > inner + 1:
            continue
        blocked = False
        for i in range(start, middle):
            for j in range(middle, end):
                blocked = blocked or before[tour[i], tour[j]]
        if not blocked:
            held = tour[start:middle].copy()
            for at in range(middle, end):
                tour[at - (middle - start)] = tour[at]
            tour[end - (middle - start) : end] = held
            break
    return draw


@compiled
def search_order(
    start: Wholes, first: Wholes, ways: Floats, before: Flags, rounds: int, seed: int
) -> tuple[Wholes, float]:
    """Return a better visit order and its cost.

    Parameters
    ----------
    start
        Places in an order that keeps the precedence; the first and the last one stay, and have
        one state each.
    first
        Number of the first state of each place, and of all states.
    ways
        Cost from state to state.
    before
        Whether one place must come before another; with a before b and b before c, also a
        before c.
    rounds
        How often the best tour is shaken and mended again.
    seed
        1 to 2**31 - 2.
    """
    best = start.copy()
    size = len(best)
    states = 1
    for place in range(len(first) - 1):
        states = max(states, first[place + 1] - first[place])
    ahead, behind = np.full((size, states), inf), np.full((size, states), inf)
    scratch = np.full((LONGEST + 2, states), inf)
    through = np.full((2, states, states), inf)
    best_cost = _priced(best, first, ways, ahead, behind)
    draw = seed
    for turn in range(rounds + 1):
        tour = best.copy()
        if turn:
            if size < 5:
                break
            draw = _shaken(tour, before, draw)
        cost = _priced(tour, first, ways, ahead, behind)
        improved = True
        while improved:
            improved = False
            for at in range(1, size - 1):
                if _turn_stretch(tour, at, cost, first, ways, before, ahead, behind, scratch,
                                 through):  # fmt: skip
                    cost = _priced(tour, first, ways, ahead, behind)
                    improved = True
                for count in range(1, LONGEST + 1):
                    if at + count <= size - 1 and _move_stretch(
                        tour, at, count, cost, first, ways, before, ahead, behind, scratch
                    ):
                        cost = _priced(tour, first, ways, ahead, behind)
                        improved = True
        if cost < best_cost + GAIN:
            best, best_cost = tour, min(cost, best_cost)
    return best, _priced(best, first, ways, ahead, behind)
