"""Column generation, a dive to a roster, and parts of it solved anew.

Prices of covers come from subgradient steps (Held, Wolfe & Crowder 1974) and then from the linear
programme over the rows found, held near the best prices so far (Wentges 1997). The dive fixes
people whose row the programme all but chooses, and finds rows anew for the rest (Strandmark, Qu &
Curtois 2020 dive by first-order steps). Then a few people, or everybody for a few days,
are rostered anew while the rest stands: by the same columns, and a programme in whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from math import ceil, inf
from typing import NamedTuple

import numpy as np

from optimize.rostering.days.demand import Demand, Floats, Ints
from optimize.rostering.days.pool import Pool, Relaxed
from optimize.rostering.days.pricing import Pricer

TOLERANCE = 1e-6
GROUP_S = 8.0
"""Longest search for one group or stretch, in a search that is limited by time."""
SURE = 0.95
"""Share from which on a row of the relaxed programme is taken for chosen."""


class Effort(NamedTuple):
    """How long to search.

    Attributes
    ----------
    steps
        Subgradient steps at the beginning.
    rounds
        Linear programmes of the whole problem.
    neighbourhoods
        Groups of people and stretches of days that are rostered anew.
    columns
        Rows that the programme for one of them chooses from.
    nodes
        Nodes of the search for one of them.
    proof_s
        Deterministic seconds of a proof for few people and days.
    """

    steps: int = 150
    rounds: int = 20
    neighbourhoods: int = 100
    columns: int = 500
    nodes: int = 100
    proof_s: float = 10.0


class Part(NamedTuple):
    """A stretch of days that is rostered anew.

    Attributes
    ----------
    pool
        Rows that are as they were outside the stretch.
    kept
        What is added to each person's costs so that new rows are too, (people, days, shifts).
    """

    pool: Pool
    kept: Floats


class Search:
    """The search for a roster.

    Parameters
    ----------
    demand, pricers
        The problem in arrays, and the people's walks.
    seed
        Seed of the choice of groups.
    limit_s, clock
        Seconds after which the search ends, inf without a limit, and what counts them.
    """

    def __init__(
        self, demand: Demand, pricers: Sequence[Pricer], seed: int, limit_s: float,
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self.demand, self.pricers = demand, pricers
        self._limit_s, self._clock, self._began = limit_s, clock, clock()
        self.pool = Pool(demand, len(pricers))
        self.everybody = list(range(len(pricers)))
        self.rng = np.random.default_rng(seed)
        self.prices = np.zeros_like(demand.under)
        self.bound = -inf
        self.rows: list[Ints] = []
        self.cost = inf

    def left_s(self) -> float:
        """Return the seconds that are left, inf without a limit."""
        return self._limit_s - (self._clock() - self._began)

    def has_left(self, share: float) -> bool:
        """Return whether more than a share of the time is left."""
        return self.left_s() > share * self._limit_s or self._limit_s == inf

    @property
    def is_proved(self) -> bool:
        """Whether the roster cannot be better: every cost is a whole number."""
        return self.cost <= ceil(self.bound - TOLERANCE) + TOLERANCE

    def start(self, effort: Effort) -> None:
        """Find prices, a bound and a first roster."""
        self.take(self.in_turn({}))
        self.polish()
        self.ascend(effort.steps)
        self.generate(effort.rounds)
        self.dive()
        self.polish()

    def price(self, prices: Floats, *, exact: bool) -> tuple[float, list[Ints]]:
        """Keep everybody's cheapest row; return a bound on every roster, and its rows.

        The bound is Lagrange's: covers are no longer asked for but paid at their prices.
        """
        bound = float((prices * self.demand.wanted).sum()) + self.demand.refused
        rows = []
        for person in self.everybody:
            found = self.pricers[person].cheapest(self.demand.wish[person] - prices, exact=exact)
            assert found is not None
            bound += found.bound
            rows.append(found.unlimited)
            self.pool.add(person, found.row)
        if bound > self.bound:
            self.bound, self.prices = bound, prices
        return bound, rows

    def in_turn(self, fixed: Mapping[int, Ints]) -> list[Ints]:
        """Return a roster: fixed rows, and for everybody else the best one beside those before."""
        there = self.demand.there(list(fixed.values()))
        rows: list[Ints] = []
        for person in self.everybody:
            if person in fixed:
                rows.append(fixed[person])
                continue
            costs = self.demand.wish[person] + self.demand.one_more(there)
            found = self.pricers[person].cheapest(costs)
            assert found is not None
            rows.append(found.row)
            there += self.demand.there([found.row])
        return rows

    def ascend(self, steps: int) -> None:
        """Move prices by subgradient steps, aimed at the cost of the roster at hand."""
        for share in (0.0, 0.1, 0.3, 0.6):
            self.price(share * self.demand.under, exact=False)
        prices, scale, since = self.prices, 0.5, 0
        mean = np.zeros_like(prices)
        for step in range(steps):
            if step > 0 and not self.has_left(0.85):
                return
            before = self.bound
            bound, rows = self.price(prices, exact=False)
            since = 0 if self.bound > before else since + 1
            if since >= 6:
                scale, since, prices = 0.6 * scale, 0, self.prices
            missing = self.demand.wanted - self.demand.there(rows)
            mean = missing if step == 0 else 0.7 * mean + 0.3 * missing
            length = scale * (self.cost - bound) / max(1e-9, float((mean**2).sum()))
            prices = np.clip(prices + length * mean, -self.demand.over, self.demand.under)

    def take(self, rows: list[Ints]) -> bool:
        """Keep a roster if it is better; return whether it is."""
        cost = self.demand.cost(rows)
        if cost >= self.cost - TOLERANCE:
            return False
        self.cost, self.rows = cost, list(rows)
        for person, row in enumerate(rows):
            self.pool.add(person, row)
        return True

    def generate(self, rounds: int) -> Relaxed:
        """Solve the linear programme over the rows found, find new ones, and so on."""
        hold = 0.7
        while True:
            relaxed = self.pool.relaxed(self.everybody, self.demand.wanted, self.prices)
            gap = relaxed.cost + self.demand.refused - self.bound
            rounds -= 1
            if rounds <= 0 or gap < 0.5 or not self.has_left(0.65):
                return relaxed
            before = self.bound
            self.price(hold * self.prices + (1.0 - hold) * relaxed.prices, exact=True)
            if self.bound <= before:
                hold = max(0.0, hold - 0.2)

    def dive(self) -> None:
        """Fix people whose row is all but chosen, find rows for the rest, and so on."""
        rows: dict[int, Ints] = {}
        wanted, prices = self.demand.wanted, self.prices
        while len(rows) < len(self.everybody) and self.has_left(0.4):
            free = [person for person in self.everybody if person not in rows]
            relaxed = self.regenerate(free, wanted, prices, 2)
            prices = relaxed.prices
            shares = {p: one[0] for p, one in zip(free, relaxed.chosen, strict=True)}
            order = sorted(free, key=lambda p: -shares[p][1])
            sure = [p for p in order if shares[p][1] >= SURE]
            for person in sure or order[: max(1, len(order) // 8)]:
                rows[person] = shares[person][0]
            wanted = self.demand.wanted - self.demand.there(list(rows.values()))
        self.take(self.in_turn(rows))

    def regenerate(
        self, people: Sequence[int], wanted: Floats, prices: Floats, rounds: int,
        part: Part | None = None,
    ) -> Relaxed:  # fmt: skip
        """Solve the linear programme for some people while the others stand, with new rows."""
        pool = self.pool if part is None else part.pool
        relaxed = pool.relaxed(people, wanted, prices)
        for _ in range(rounds):
            new = 0
            for person in people:
                costs = self.demand.wish[person] - relaxed.prices
                if part is not None:
                    costs = costs + part.kept[person]
                found = self.pricers[person].cheapest(costs)
                if found is not None and pool.add(person, found.row):
                    new += 1
                    self.pool.add(person, found.row)
            if not new or self.left_s() <= 0:
                break
            relaxed = pool.relaxed(people, wanted, relaxed.prices)
        return relaxed

    def polish(self) -> bool:
        """Give people one by one the best row while the others stand, until all have it."""
        better = False
        rows = list(self.rows)
        there = self.demand.there(rows)
        waiting = [int(person) for person in self.rng.permutation(len(rows))]
        while waiting and self.left_s() > 0:
            person = waiting.pop()
            alone = there - self.demand.there([rows[person]])
            costs = self.demand.wish[person] + self.demand.one_more(alone)
            found = self.pricers[person].cheapest(costs)
            assert found is not None
            self.pool.add(person, found.row)
            days = np.flatnonzero(rows[person] >= 0)
            now = float(costs[days, rows[person][days]].sum())
            if found.cost < now - TOLERANCE:
                rows[person] = found.row
                there = alone + self.demand.there([found.row])
                waiting = [int(one) for one in self.rng.permutation(len(rows)) if one != person]
                better = True
        return self.take(rows) and better

    def improve(self, effort: Effort, *, endless: bool) -> None:
        """Roster groups of people and stretches of days anew in turn.

        Both begin small, and grow while they stay easy.
        """
        people, days = len(self.everybody), len(self.demand.wanted)
        size, length = min(6, people), min(7, days)
        for number in count() if endless else range(effort.neighbourhoods):
            if self.is_proved or self.left_s() <= 0:
                return
            if number % 3:
                first = int(self.rng.integers(-(length // 2), days - length // 2))
                proved = self.again(self.everybody, effort, self.part(first, first + length))
                length = max(2, min(days, length + (1 if proved else -1)))
            else:
                group = sorted(int(p) for p in self.rng.choice(people, size, replace=False))
                proved = self.again(group, effort)
                size = max(min(2, people), min(people, size + (1 if proved else -1)))

    def part(self, first: int, end: int) -> Part:
        """Return the stretch of days from ``first`` to before ``end``, all else kept as it is."""
        days = np.arange(len(self.demand.wanted))
        outside = (days < first) | (days >= end)
        much = 1.0 + float((self.demand.under + self.demand.over).sum())
        much += float(np.abs(self.demand.wish).sum())
        pool = Pool(self.demand, len(self.everybody))
        kept = np.zeros_like(self.demand.wish)
        for person, row in enumerate(self.rows):
            kept[person, outside] = inf
            worked = np.flatnonzero(outside & (row >= 0))
            kept[person, worked, row[worked]] = -much
            pool.add(person, row)
            for other in self.pool.alike(person, row, outside):
                pool.add(person, other)
        return Part(pool, kept)

    def again(self, people: Sequence[int], effort: Effort, part: Part | None = None) -> bool:
        """Roster some people anew while the others stand; return whether that was solved out."""
        others = [row for person, row in enumerate(self.rows) if person not in people]
        wanted = self.demand.wanted - self.demand.there(others)
        now = self.demand.cover_cost(
            wanted - self.demand.there([self.rows[person] for person in people])
        )
        now += sum(self.demand.wish_cost(person, self.rows[person]) for person in people)
        relaxed = self.regenerate(people, wanted, self.prices, 6, part)
        room = now - relaxed.cost
        if room < 1.0 - TOLERANCE:
            return True
        pool = self.pool if part is None else part.pool
        found, proved = pool.whole(
            people, wanted, relaxed.prices, within=room, most=effort.columns, nodes=effort.nodes,
            limit_s=None if self.left_s() == inf else min(self.left_s(), GROUP_S),
        )  # fmt: skip
        if found is not None:
            rows = list(self.rows)
            for person, row in zip(people, found, strict=True):
                rows[person] = row
            self.take(rows)
        return proved
