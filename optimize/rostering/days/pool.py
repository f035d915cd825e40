"""Rows of people that were found so far, and the programmes that choose one for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.rostering.days.demand import Demand, Floats, Ints
from optimize.solver.highs import solve_milp, solve_priced_lp

MOST_OF_A_PERSON = 80
"""Most rows of a person that go into a programme: those cheapest against the prices."""


class Relaxed(NamedTuple):
    """Shares of rows that would be cheapest.

    Attributes
    ----------
    cost
        What they cost.
    prices
        What one more person wanted costs, (days, shifts).
    chosen
        For each person asked for, pairs of a row and its share, the largest share first.
    """

    cost: float
    prices: Floats
    chosen: list[list[tuple[Ints, float]]]


class Pool:
    """Rows by person, each kept once.

    Parameters
    ----------
    demand
        What rosters are held against.
    people
        How many there are.
    """

    def __init__(self, demand: Demand, people: int) -> None:
        self.demand = demand
        self._rows: list[list[Ints]] = [[] for _ in range(people)]
        self._costs: list[list[float]] = [[] for _ in range(people)]
        self._known: list[dict[bytes, None]] = [{} for _ in range(people)]

    def add(self, person: int, row: Ints) -> bool:
        """Keep a row of a person; return whether it is new."""
        key = row.tobytes()
        if key in self._known[person]:
            return False
        self._known[person][key] = None
        self._rows[person].append(row.copy())
        self._costs[person].append(self.demand.wish_cost(person, row))
        return True

    def alike(self, person: int, row: Ints, days: npt.NDArray[np.bool_]) -> list[Ints]:
        """Return the rows of a person that equal ``row`` on the days that are marked."""
        same = (np.array(self._rows[person])[:, days] == row[days]).all(axis=1)
        return [self._rows[person][number] for number in np.flatnonzero(same)]

    def best(self, person: int, prices: Floats) -> tuple[Ints, Floats, Floats]:
        """Return the rows of a person that are cheapest against prices (days, shifts).

        Their costs of wishes follow, and how much dearer against prices each is than the first.
        """
        rows, costs = np.array(self._rows[person]), np.array(self._costs[person])
        free = np.concatenate([prices, np.zeros((len(prices), 1))], axis=1)
        reduced = costs - free[np.arange(len(prices)), rows].sum(axis=1)
        order = np.argsort(reduced, kind="stable")[:MOST_OF_A_PERSON]
        return rows[order], costs[order], reduced[order] - reduced[order[0]]

    def relaxed(self, people: Sequence[int], wanted: Floats, prices: Floats) -> Relaxed:
        """Choose shares of rows at the least cost.

        Parameters
        ----------
        people
            Whose rows are chosen.
        wanted
            People wanted besides those whose rows stand, (days, shifts); may be below 0.
        prices
            Which rows are looked at, see `best`.
        """
        rows, costs, owner = self._chosen(people, prices)
        matrix, right, all_costs = self._programme(rows, costs, owner, len(people), wanted)
        found = solve_priced_lp(all_costs, matrix, right)
        chosen: list[list[tuple[Ints, float]]] = [[] for _ in people]
        for column in np.flatnonzero(found.values[: len(rows)] > 1e-6):
            chosen[owner[column]].append((rows[column], float(found.values[column])))
        for shares in chosen:
            shares.sort(key=lambda one: -one[1])
        return Relaxed(found.objective, found.prices[: wanted.size].reshape(wanted.shape), chosen)

    def whole(
        self, people: Sequence[int], wanted: Floats, prices: Floats, *, within: float, most: int,
        nodes: int, limit_s: float | None,
    ) -> tuple[list[Ints] | None, bool]:  # fmt: skip
        """Choose one row for each person; return None if none was found, and whether it is proved.

        Parameters
        ----------
        people, wanted, prices
            As for `relaxed`.
        within
            Rows dearer than a person's cheapest by more than this are left away.
        most
            About how many rows are looked at, the least dear ones.
        nodes, limit_s
            After how many nodes of the search it ends, and after which time, if any.
        """
        from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251 - a package of SciPy

        rows, costs, owner = self._chosen(people, prices, within, most)
        matrix, right, all_costs = self._programme(rows, costs, owner, len(people), wanted)
        integrality = np.zeros(len(all_costs), dtype=np.int64)
        integrality[: len(rows)] = 1
        options: dict[str, float] = {"node_limit": nodes, "mip_rel_gap": 0.0}
        if limit_s is not None:
            options["time_limit"] = max(0.1, limit_s)
        found = solve_milp(
            all_costs,
            integrality=integrality,
            bounds=Bounds(0.0, np.inf),
            constraints=LinearConstraint(matrix, right, right),
            options=options,  # type: ignore[arg-type]
        )
        if found.values is None:
            return None, False
        taken = np.flatnonzero(found.values[: len(rows)] > 0.5)
        one_each: list[Ints] = [rows[column] for column in taken]
        whole = np.array_equal(owner[taken], np.arange(len(people)))
        return (one_each if whole else None), found.status == "optimal"

    def _chosen(
        self, people: Sequence[int], prices: Floats, within: float = np.inf, most: int | None = None
    ) -> tuple[Ints, Floats, Ints]:
        """Return rows, costs and owners, of all people the ``most`` least dear ones."""
        parts = [self.best(person, prices) for person in people]
        rows, costs, dearer = map(np.concatenate, zip(*parts, strict=True))
        owner = np.repeat(np.arange(len(people)), [len(one[0]) for one in parts])
        if most is not None and len(rows) > most:
            within = min(within, float(np.partition(dearer, most)[most]))
        kept = dearer <= within
        return rows[kept], costs[kept], owner[kept]

    def _programme(
        self, rows: Ints, costs: Floats, owner: Ints, people: int, wanted: Floats
    ) -> tuple[Any, Floats, Floats]:
        """Return matrix, right-hand side and costs: rows, then people missing, then extra ones."""
        from scipy.sparse import csc_array, hstack, identity, vstack

        count, cells = len(rows), wanted.size
        number, day = np.nonzero(rows >= 0)
        cell = day * wanted.shape[1] + rows[number, day]
        down = np.concatenate([cell, cells + owner])
        across = np.concatenate([number, np.arange(count)])
        chosen = csc_array((np.ones(len(down)), (down, across)), shape=(cells + people, count))
        slack = vstack([identity(cells), csc_array((people, cells))])
        matrix = csc_array(hstack([chosen, slack, -slack]))
        right = np.concatenate([wanted.ravel(), np.ones(people)])
        all_costs = np.concatenate([costs, self.demand.under.ravel(), self.demand.over.ravel()])
        return matrix, right, all_costs
