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
def _onward(
    known: Floats,
    row: int,
    here: int,
    there: int,
    first: Wholes,
    ways: Floats,
    out: Floats,
    to: int,
) -> None:
    """Fill the cheapest cost of each state of the next place, from those of the place before.

    Costs of the states of a place are one row of a table.
    """
    for b in range(first[there + 1] - first[there]):
        least = inf
        for a in range(first[here + 1] - first[here]):
            least = min(least, known[row, a] + ways[first[here] + a, first[there] + b])
        out[to, b] = least


@compiled
def _back(
    known: Floats,
    row: int,
    here: int,
    there: int,
    first: Wholes,
    ways: Floats,
    out: Floats,
    to: int,
) -> None:
    """Fill the cheapest cost from each state of a place to the end, from those of the next one."""
    for a in range(first[here + 1] - first[here]):
        least = inf
        for b in range(first[there + 1] - first[there]):
            least = min(least, ways[first[here] + a, first[there] + b] + known[row, b])
        out[to, a] = least


@compiled
def _joined(
    left: Floats, row: int, here: int, right: Floats, to: int, there: int, first: Wholes,
    ways: Floats,
) -> float:  # fmt: skip
    least = inf
    for a in range(first[here + 1] - first[here]):
        for b in range(first[there + 1] - first[there]):
            cost = left[row, a] + ways[first[here] + a, first[there] + b] + right[to, b]
            least = min(least, cost)
    return least


@compiled
def _priced(tour: Wholes, first: Wholes, ways: Floats, ahead: Floats, behind: Floats) -> float:
    """Fill the cheapest costs to and from the states of each place; return the tour's."""
    last = len(tour) - 1
    ahead[0, 0] = 0.0
    for at in range(1, last + 1):
        _onward(ahead, at - 1, tour[at - 1], tour[at], first, ways, ahead, at)
    behind[last, 0] = 0.0
    for at in range(last - 1, -1, -1):
        _back(behind, at + 1, tour[at], tour[at + 1], first, ways, behind, at)
    return float(ahead[last, 0])


@compiled
def _placed(
    left: Floats,
    row: int,
    here: int,
    tour: Wholes,
    start: int,
    count: int,
    turned: bool,
    right: Floats,
    to: int,
    there: int,
    first: Wholes,
    ways: Floats,
    scratch: Floats,
) -> float:
    """Return the cost with a stretch of the tour, maybe turned round, between two known parts."""
    place = tour[start + count - 1] if turned else tour[start]
    _onward(left, row, here, place, first, ways, scratch, 0)
    for step in range(1, count):
        after = tour[start + count - 1 - step] if turned else tour[start + step]
        _onward(scratch, step - 1, place, after, first, ways, scratch, step)
        place = after
    return _joined(scratch, count - 1, place, right, to, there, first, ways)


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
) -> tuple[int, int]:
    """Move a stretch to its best place, either way round.

    Returns the first and the last position that changed, or zeros if no place is cheaper.
    """
    size = len(tour)
    after = start + count
    without = _joined(ahead, start - 1, tour[start - 1], behind, after, tour[after], first, ways)
    if without > cost - GAIN:  # nothing is saved here, and shortest ways make no detour cheaper
        return 0, 0
    may_turn = count > 1
    for i in range(start, start + count - 1):
        for j in range(i + 1, start + count):
            if before[tour[i], tour[j]]:
                may_turn = False
    best, best_at, best_turned = cost - GAIN, -1, False
    passed, spare = LONGEST, LONGEST + 1  # rows of the table
    # To the right: what has been passed joins the part in front.
    for state in range(ahead.shape[1]):
        scratch[passed, state] = ahead[start - 1, state]
    here = tour[start - 1]
    for at in range(start + count, size - 1):
        blocked = False
        for i in range(start, start + count):
            blocked = blocked or before[tour[i], tour[at]]
        if blocked:
            break
        _onward(scratch, passed, here, tour[at], first, ways, scratch, spare)
        passed, spare, here = spare, passed, tour[at]
        for turned in range(2 if may_turn else 1):
            new = _placed(scratch, passed, here, tour, start, count, turned == 1, behind,
                          at + 1, tour[at + 1], first, ways, scratch)  # fmt: skip
            if new < best:
                best, best_at, best_turned = new, at, turned == 1
    # To the left: what has been passed joins the part behind.
    for state in range(ahead.shape[1]):
        scratch[passed, state] = behind[start + count, state]
    there = tour[start + count]
    for at in range(start - 1, 0, -1):
        blocked = False
        for i in range(start, start + count):
            blocked = blocked or before[tour[at], tour[i]]
        if blocked:
            break
        _back(scratch, passed, tour[at], there, first, ways, scratch, spare)
        passed, spare, there = spare, passed, tour[at]
        for turned in range(2 if may_turn else 1):
            new = _placed(ahead, at - 1, tour[at - 1], tour, start, count, turned == 1, scratch,
                          passed, there, first, ways, scratch)  # fmt: skip
            if new < best:
                best, best_at, best_turned = new, at, turned == 1
    if best_at < 0:
        return 0, 0
    stretch = tour[start : start + count].copy()
    if best_turned:
        stretch = stretch[::-1].copy()
    if best_at > start:
        for at in range(start + count, best_at + 1):
            tour[at - count] = tour[at]
        tour[best_at + 1 - count : best_at + 1] = stretch
        return start, best_at
    for at in range(start - 1, best_at - 1, -1):
        tour[at + count] = tour[at]
    tour[best_at : best_at + count] = stretch
    return best_at, start + count - 1


@compiled
def _turn_stretch(  # noqa: PLR0912, C901
    tour: Wholes,
    at: int,
    step: int,
    cost: float,
    first: Wholes,
    ways: Floats,
    before: Flags,
    ahead: Floats,
    behind: Floats,
    scratch: Floats,
    through: Floats,
) -> tuple[int, int]:
    """Turn round the stretch from a position to its right (step 1) or left (-1) that gains most.

    Returns the first and the last position that changed, or zeros if none gains.
    """
    size, states = len(tour), ahead.shape[1]
    best, best_far = cost - GAIN, -1
    # through[now][a, b]: cost from state a of the right end back to state b of the left end.
    now = 0
    for a in range(states):
        for b in range(states):
            through[0, a, b] = 0.0 if a == b else inf
    entered, passed = 0, 1  # rows of the table
    far = at + step
    while 0 < far < size - 1:
        left, right = min(at, far), max(at, far)
        blocked = False
        for between in range(left, right + 1):
            if step > 0:
                blocked = blocked or before[tour[between], tour[far]]
            else:
                blocked = blocked or before[tour[far], tour[between]]
        if blocked:
            break
        near = first[tour[far - step]]
        nears = first[tour[far - step] + 1] - near
        start, starts = first[tour[right]], first[tour[right] + 1] - first[tour[right]]
        end, ends = first[tour[left]], first[tour[left] + 1] - first[tour[left]]
        for a in range(starts):
            for b in range(ends):
                least = inf
                for c in range(nears):
                    if step > 0:
                        new = ways[start + a, near + c] + through[now, c, b]
                    else:
                        new = through[now, a, c] + ways[near + c, end + b]
                    least = min(least, new)
                through[1 - now, a, b] = least
        now = 1 - now
        _onward(ahead, left - 1, tour[left - 1], tour[right], first, ways, scratch, entered)
        for b in range(ends):
            least = inf
            for a in range(starts):
                least = min(least, scratch[entered, a] + through[now, a, b])
            scratch[passed, b] = least
        new = _joined(scratch, passed, tour[left], behind, right + 1, tour[right + 1], first, ways)
        if new < best:
            best, best_far = new, far
        far += step
    if best_far < 0:
        return 0, 0
    left, right = min(at, best_far), max(at, best_far)
    tour[left : right + 1] = tour[left : right + 1][::-1].copy()
    return left, right


@compiled
def _wake(tour: Wholes, left: int, right: int, awake: Flags) -> None:
    """Have the places about both ends of a changed stretch looked at again."""
    for end in (left, right):
        for at in range(max(1, end - LONGEST), min(len(tour) - 1, end + LONGEST + 1)):
            awake[tour[at]] = True


@compiled
def _mended(
    tour: Wholes,
    first: Wholes,
    ways: Floats,
    before: Flags,
    ahead: Floats,
    behind: Floats,
    scratch: Floats,
    through: Floats,
    awake: Flags,
) -> float:
    """Move and turn stretches about the places that are awake until none gains; return the cost.

    A place sleeps once it was looked at in vain, until something changes near it (Bentley, 1992).
    """
    size = len(tour)
    cost = _priced(tour, first, ways, ahead, behind)
    improved = True
    while improved:
        improved = False
        for at in range(1, size - 1):
            if not awake[tour[at]]:
                continue
            awake[tour[at]] = False
            for move in range(LONGEST + 2):
                if move < 2:
                    left, right = _turn_stretch(tour, at, 1 - 2 * move, cost, first, ways, before,
                                                ahead, behind, scratch, through)  # fmt: skip
                elif at + move <= size:
                    left, right = _move_stretch(tour, at, move - 1, cost, first, ways, before,
                                                ahead, behind, scratch)  # fmt: skip
                else:
                    continue
                if left:
                    cost = _priced(tour, first, ways, ahead, behind)
                    _wake(tour, left, right, awake)
                    improved = True
    return cost


@compiled
def _shaken(tour: Wholes, before: Flags, awake: Flags, draw: int) -> int:
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
            _wake(tour, start, end - 1, awake)
            _wake(tour, end - (middle - start), end - 1, awake)
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
        Cost of the shortest way from state to state, so that no detour is cheaper.
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
    awake = np.ones(len(first) - 1, dtype=np.bool_)
    best_cost = _mended(best, first, ways, before, ahead, behind, scratch, through, awake)
    draw = seed
    for _ in range(rounds if size > 4 else 0):
        tour = best.copy()
        draw = _shaken(tour, before, awake, draw)
        cost = _mended(tour, first, ways, before, ahead, behind, scratch, through, awake)
        if cost < best_cost + GAIN:
            best, best_cost = tour, min(cost, best_cost)
    return best, _priced(best, first, ways, ahead, behind)
