"""The inner loop of the search: batches change places by annealing, 0.3 us a move.

Rows are pickers, columns places; only so many entries of a row count as its picker has batches.
Chance is a xorshift of 32 bits (Marsaglia 2003) and a table of logarithms that is handed over, so
compiled and interpreted runs are the same.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from optimize.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TARDINESS, LATE, MAX_LATENESS = 0, 1, 2
LOWEST = -(2**62)
MASK = 0xFFFFFFFF


@compiled
def row_price(
    objective: int, row: Ints, count: int, span_s: Ints, job_s: Ints, first_due: Ints, due: Ints
) -> tuple[int, int, int]:
    """Return the overtime, the cost and the sum of ends of one picker's batches.

    Parameters
    ----------
    objective
        TARDINESS, LATE or MAX_LATENESS.
    row, count
        Numbers of the batches, of which the first ``count`` are meant.
    span_s
        The picker's first and last second.
    job_s
        Release and seconds of each batch, shape (batches, 2).
    first_due
        Where the due dates of each batch begin in ``due``, and where the last ones end.
    due
        Second and weight of each due date, shape (dates, 2), those of a batch ascending.
    """
    clock = span_s[0]
    ends = 0
    cost = LOWEST if objective == MAX_LATENESS else 0
    for place in range(count):
        batch = row[place]
        clock = max(clock, job_s[batch, 0]) + job_s[batch, 1]
        ends += clock
        for number in range(first_due[batch], first_due[batch + 1]):
            late = clock - due[number, 0]
            if objective == MAX_LATENESS:
                cost = max(cost, late)
                break
            if late <= 0:
                break
            cost += due[number, 1] * late if objective == TARDINESS else due[number, 1]
    overtime = max(0, clock - span_s[1]) if count else 0
    return overtime, cost, ends


@compiled
def total(objective: int, price: Ints) -> tuple[int, int, int]:
    """Return overtime, cost and sum of ends of all pickers from those of each."""
    overtime, cost, ends = price[0, 0], price[0, 1], price[0, 2]
    for picker in range(1, len(price)):
        overtime += price[picker, 0]
        ends += price[picker, 2]
        if objective == MAX_LATENESS:
            cost = max(cost, price[picker, 1])
        else:
            cost += price[picker, 1]
    return overtime, cost, ends


@compiled
def next_state(state: int) -> int:
    """Return the number after ``state`` of the xorshift of 32 bits."""
    state ^= (state << 13) & MASK
    state ^= state >> 17
    return state ^ ((state << 5) & MASK)


@compiled
def move(same: bool, swaps: bool, one: Ints, i: int, other: Ints, j: int, end: int) -> None:
    """Swap the batches at ``i`` and ``j``, or take the one at ``i`` to ``j``.

    Parameters
    ----------
    same
        Whether both places are in the row ``one``.
    end
        Where the row of ``j`` ends; unused within a row.
    """
    batch = one[i]
    if swaps:
        there = one if same else other
        one[i] = there[j]
        there[j] = batch
    elif same:
        step = 1 if i < j else -1
        for place in range(i, j, step):
            one[place] = one[place + step]
        one[j] = batch
    else:
        for place in range(i, len(one) - 1):
            one[place] = one[place + 1]
        for place in range(end, j, -1):
            other[place] = other[place - 1]
        other[j] = batch


@compiled
def keep(rows: Ints, counts: Ints, at: Ints, picker: int, row: Ints, count: int) -> None:
    """Give a picker a row, and its batches their new places."""
    rows[picker, :count] = row[:count]
    counts[picker] = count
    for place in range(count):
        at[row[place], 0] = picker
        at[row[place], 1] = place


@compiled
def annealed(
    objective: int,
    rows: Ints,
    counts: Ints,
    spans_s: Ints,
    job_s: Ints,
    first_due: Ints,
    due: Ints,
    exponential: Floats,
    iterations: int,
    temperature: float,
    cooling: float,
    overtime_price: float,
    end_price: float,
    seed: int,
) -> tuple[int, int, int]:
    """Improve ``rows`` and ``counts`` in place; return overtime, cost and sum of ends of the best.

    A move takes a batch elsewhere, in the same row or another, or swaps two. It is kept if it is
    not worse by more than the temperature x an exponential number (Kirkpatrick et al. 1983).

    Parameters
    ----------
    rows, counts
        Where to begin; shapes (pickers, batches) and (pickers,).
    spans_s
        First and last second of each picker, shape (pickers, 2).
    job_s, first_due, due
        See `row_price`.
    exponential
        4,096 numbers of mean 1 that stand for chance.
    iterations
        Moves to look at.
    temperature, cooling
        At the start, and the factor after each move.
    overtime_price, end_price
        What a second of overtime and of the ends weighs against the cost while searching.
    seed
        1 to 2**32 - 1.
    """
    pickers, batches = rows.shape
    at = np.zeros((batches, 2), np.int64)  # picker and place of each batch
    price, before = np.zeros((pickers, 3), np.int64), np.zeros((2, 3), np.int64)
    for picker in range(pickers):
        keep(rows, counts, at, picker, rows[picker], counts[picker])
        price[picker] = row_price(
            objective, rows[picker], counts[picker], spans_s[picker], job_s, first_due, due
        )
    now = best = total(objective, price)
    best_rows, best_counts = rows.copy(), counts.copy()
    one, other = np.zeros(batches, np.int64), np.zeros(batches, np.int64)
    state = seed
    for _ in range(iterations):
        temperature *= cooling
        state = next_state(state)
        a, i = at[state % batches]
        swaps = (state >> 20) & 1 == 1
        state = next_state(state)
        b, j = at[state % batches]
        if not swaps:
            b = state % pickers
            j = (state >> 12) % (counts[b] + (0 if a == b else 1))
        same = a == b
        if same and i == j:
            continue
        one[: counts[a]] = rows[a, : counts[a]]
        other[: counts[b]] = rows[b, : counts[b]]
        move(same, swaps, one[: counts[a]], i, other, j, counts[b])
        leaves = 0 if same or swaps else 1
        before[0], before[1] = price[a], price[b]
        price[a] = row_price(objective, one, counts[a] - leaves, spans_s[a], job_s, first_due, due)
        if not same:
            price[b] = row_price(
                objective, other, counts[b] + leaves, spans_s[b], job_s, first_due, due
            )
        then = total(objective, price)
        state = next_state(state)
        worse = (
            overtime_price * (then[0] - now[0])
            + (then[1] - now[1])
            + end_price * (then[2] - now[2])
        )
        if worse > 0.0 and worse > temperature * exponential[state & 4095]:
            price[a], price[b] = before[0], before[1]
            continue
        now = then
        keep(rows, counts, at, a, one, counts[a] - leaves)
        if not same:
            keep(rows, counts, at, b, other, counts[b] + leaves)
        if now < best:
            best = now
            best_rows[:], best_counts[:] = rows, counts
    rows[:], counts[:] = best_rows, best_counts
    return best
