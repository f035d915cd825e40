"""Better sequences by annealing: batches change places, within a picker's row and across rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimize.sequencing.kernel import LATE, MAX_LATENESS, TARDINESS, Ints, annealed, row_price
from optimize.sequencing.problem import Problem, Sequences

END_SHARE = 0.2
"""What the ends of all batches weigh in the search: so plans of equal cost are not alike."""
OVERTIME_PRICE = 3.0
"""What a second of overtime weighs, 1 being a second of a batch's lateness: enough to be avoided,
not so much that no plan with a little of it is ever passed through. Of the plans met, that with the
least overtime is kept."""
NO_END_S = 2**60
LAST_TEMPERATURE_SHARE = 0.01
CODES = {"tardiness": TARDINESS, "late": LATE, "max_lateness": MAX_LATENESS}


class Price(NamedTuple):
    """What a plan is judged by, the first first."""

    overtime_s: int
    cost: int
    total_completion_s: int


class Arrays:
    """A problem as the inner loop reads it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.code = CODES[problem.objective]
        self.spans_s = np.array(
            [(p.from_s, NO_END_S if p.until_s is None else p.until_s) for p in problem.pickers],
            np.int64,
        )
        self.job_s = np.array([(b.release_s, b.time_s) for b in problem.batches], np.int64)
        dues = [sorted(batch.dues) for batch in problem.batches]
        self.first_due = np.cumsum([0, *map(len, dues)], dtype=np.int64)
        self.due = np.array([tuple(due) for of_batch in dues for due in of_batch], np.int64)

    def price(self, sequences: Sequences) -> Price:
        """Return what a plan is judged by."""
        rows, counts = self._rows(sequences)
        parts = [
            row_price(self.code, row, count, span_s, self.job_s, self.first_due, self.due)
            for row, count, span_s in zip(rows, counts, self.spans_s, strict=True)
        ]
        costs = [int(cost) for _, cost, _ in parts]
        cost = max(costs) if self.code == MAX_LATENESS else sum(costs)
        return Price(sum(int(o) for o, _, _ in parts), cost, sum(int(e) for _, _, e in parts))

    def improved(
        self, sequences: Sequences, *, seed: int, iterations: int, heat: float
    ) -> tuple[Sequences, Price]:
        """Return the best plan met on the way, at least as good as the given one.

        Parameters
        ----------
        seed
            At least 0.
        iterations
            Moves to look at.
        heat
            First temperature, 1 being that of a batch which is late by the mean batch; the last is
            a hundredth of it.
        """
        rows, counts = self._rows(sequences)
        rng = np.random.Generator(np.random.PCG64(seed))
        first = heat * self._scale()
        overtime, cost, ends = annealed(
            self.code, rows, counts, self.spans_s, self.job_s, self.first_due, self.due,
            rng.exponential(size=4096), iterations, first,
            LAST_TEMPERATURE_SHARE ** (1.0 / max(1, iterations)),
            self._overtime_price(), self._end_price(), int(rng.integers(1, 2**32)),
        )  # fmt: skip
        found = tuple(tuple(row[:count].tolist()) for row, count in zip(rows, counts, strict=True))
        return found, Price(int(overtime), int(cost), int(ends))

    def _scale(self) -> float:
        mean_s = self._mean_s()
        mean_weight = max(1.0, self.problem.weight / len(self.problem.batches))
        by_code = {TARDINESS: mean_s * mean_weight, LATE: mean_weight, MAX_LATENESS: mean_s}
        return by_code[self.code]

    def _overtime_price(self) -> float:
        return OVERTIME_PRICE * self._scale() / self._mean_s()

    def _end_price(self) -> float:
        return END_SHARE * self._scale() / sum(batch.time_s for batch in self.problem.batches)

    def _mean_s(self) -> float:
        batches = self.problem.batches
        return sum(batch.time_s for batch in batches) / len(batches)

    def _rows(self, sequences: Sequences) -> tuple[Ints, Ints]:
        rows = np.zeros((len(sequences), len(self.problem.batches)), np.int64)
        for number, row in enumerate(sequences):
            rows[number, : len(row)] = row
        return rows, np.array([len(row) for row in sequences], np.int64)
