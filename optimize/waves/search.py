"""Simulated annealing over sets of aisles; its inner loop is `kernels/aisle_sets.py`."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from optimize.waves.arrays import Arrays, Ints
from optimize.waves.bound import aisle_gives
from optimize.waves.kernels.aisle_sets import (
    BEST_CHOSEN,
    BEST_UNITS,
    CHOSEN,
    RANDOM,
    REACH,
    Given,
    State,
    anneal,
    change,
    fill,
    keep,
)

LEGS = (("small", 0.3), ("large", 0.06), ("small", 0.06), ("large", 0.06), ("best", 0.03))
"""Where each run of annealing starts, and how hot, as a share of the best ratio.

Waves far apart in size are hard to reach from each other: hot runs favour small ones.
"""
COLD = 0.006
"""Temperature at the end of a run, as a share of the best ratio."""
BLOCK = 100
NOISE = 4096
KEPT = 8


class Wave(NamedTuple):
    """A wave in the numbers of the arrays: units, orders and aisles."""

    units: int
    orders: tuple[int, ...]
    aisles: tuple[int, ...]

    @property
    def ratio(self) -> float:
        """Units an aisle."""
        return self.units / len(self.aisles)


def _given(arrays: Arrays, luck: np.random.Generator) -> Given:
    return Given(
        *arrays.orders, arrays.order_units, *arrays.by_item, *arrays.aisles,
        arrays.keepers.first, arrays.keepers.column,
        np.argsort(-aisle_gives(arrays), kind="stable"), luck.exponential(size=NOISE),
    )  # fmt: skip


def _state(arrays: Arrays, luck: np.random.Generator) -> State:
    def zeros(count: int) -> Ints:
        return np.zeros(count, np.int64)

    orders, aisles, items = len(arrays.numbers), len(arrays.aisles.first) - 1, arrays.items
    tally = zeros(7)
    tally[RANDOM] = luck.integers(1, 2**31)
    return State(
        chosen=zeros(aisles), stock=zeros(items), demand=zeros(items),
        reached=arrays.by_item.first[:-1].copy(), unmet=np.diff(arrays.orders.first),
        served=zeros(orders), place=zeros(orders), left=zeros(items), bucket=zeros(orders),
        ranked=zeros(orders), taken=zeros(orders + 1) - 1,
        best_chosen=zeros(aisles), best_taken=zeros(orders + 1) - 1, tally=tally,
    )  # fmt: skip


class Search:
    """A search among the sets of aisles of one problem."""

    def __init__(self, arrays: Arrays, lower: int, upper: int, seed: int) -> None:
        luck = np.random.default_rng(seed)
        self.arrays, self.lower, self.upper = arrays, lower, upper
        self.given = _given(arrays, luck)
        self.state = _state(arrays, luck)
        self.best_sets: list[Ints] = []
        """The last sets of aisles that were the best in their time, the best at the end."""
        self.wanted = np.bincount(arrays.orders.column, arrays.orders.units, arrays.items).astype(
            np.int64
        )

    @property
    def best(self) -> Wave | None:
        """The best wave yet, if there is one."""
        taken, tally = self.state.best_taken, self.state.tally
        if tally[BEST_CHOSEN] == 0:
            return None
        orders = taken[: int(np.argmax(taken < 0))]
        aisles = np.flatnonzero(self.state.best_chosen)
        return Wave(int(tally[BEST_UNITS]), tuple(orders.tolist()), tuple(aisles.tolist()))

    def _move_to(self, chosen: Ints) -> None:
        """Make the set the one given; it is filled and kept."""
        for aisle in np.flatnonzero(chosen != self.state.chosen):
            change(
                self.given, self.state, int(aisle), int(chosen[aisle] - self.state.chosen[aisle])
            )
        self._fill()

    def _fill(self) -> int:
        units = fill(self.given, self.state, self.upper)
        keep(self.state, units, self.lower)
        return units

    def start(self, units: int) -> None:
        """Begin with no aisle; add the one with the most units still wanted until so many fit.

        All aisles are in the set if that many never fit.
        """
        state, rows = self.state, self.arrays.aisles
        aisles = len(state.chosen)
        row = np.repeat(np.arange(aisles), np.diff(rows.first))
        self._move_to(np.zeros(aisles, np.int64))
        while state.tally[CHOSEN] < aisles:
            open_units = np.maximum(self.wanted - state.stock, 0)[rows.column]
            gain = np.bincount(row, np.minimum(open_units, rows.units), aisles)
            gain[state.chosen == 1] = -1
            change(self.given, state, int(gain.argmax()), 1)
            if state.tally[REACH] >= units and self._fill() >= units:
                return
        self._fill()

    def _note_best(self) -> None:
        aisles = np.flatnonzero(self.state.best_chosen)
        if len(aisles) and not any(np.array_equal(aisles, one) for one in self.best_sets[-1:]):
            self.best_sets = [*self.best_sets[1 - KEPT :], aisles]

    def run(self, iterations: int, until: float | None) -> None:
        """Anneal from each of the starts in turn.

        Parameters
        ----------
        iterations
            Steps of all runs together.
        until
            Reading of ``time.perf_counter`` at which to stop, whatever the steps; None: none.
        """
        begin = time.perf_counter()
        for number, (leg, hot) in enumerate(LEGS):
            if leg == "best" and self.best is not None:
                self._move_to(self.state.best_chosen)
            else:
                self.start(max(self.lower, 1) if leg != "large" else self.upper)
            done = 0
            share = 0.0
            while share < 1:
                anneal(
                    self.given, self.state, BLOCK, hot * (COLD / hot) ** share, self.lower,
                    self.upper,
                )  # fmt: skip
                self._note_best()
                done += BLOCK
                if until is None:
                    share = done * len(LEGS) / iterations
                else:
                    passed = (time.perf_counter() - begin) / max(until - begin, 1e-9)
                    share = passed * len(LEGS) - number
