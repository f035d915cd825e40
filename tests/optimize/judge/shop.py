"""A shop small enough to try every plan: people by part of the day, service by a formula."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from optimize.judge.points import Planned
from optimize.judge.presence import Block, Heads, Staff, at_work, week_wage_cents
from optimize.judge.promise import Bound, Kpis, Promise
from optimize.staffing.tours.problem import Cut
from sim.scenario.schema.people import Wages

PARTS = ((6, "pickers"), (10, "pickers"), (6, "packers"), (10, "packers"))
"""First hour of four, and role."""

WAGES = Wages(pickers=19.0, packers=23.0)
KPI = "on_time_ship_rate"
Counts = tuple[int, ...]
Service = Callable[[Sequence[float]], float]


def promise(at_least: float) -> Promise:
    """Return the promise of one KPI."""
    return Promise((Bound(KPI, "at_least", at_least),))


def section(counts: Counts) -> dict[str, Any]:
    """Return the staff section with so many people in each part, on all days."""
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return {
        f"{role}-{first}": {
            "days": week, "start": f"{first:02d}:00", "end": f"{first + 4:02d}:00", role: count
        }
        for (first, role), count in zip(PARTS, counts, strict=True)
        if count
    }  # fmt: skip


def planned(counts: Counts, words: str = "a plan") -> Planned:
    """Return a plan with its wages."""
    staff = section(counts)
    return Planned(staff, week_wage_cents(staff, WAGES), None, at_work(staff), words)


def mean_heads(heads: Heads) -> list[float]:
    """Return the mean number at work in each part."""
    parts = [Block(role, tuple(range(7)), 4 * first, 16) for first, role in PARTS]
    return [part.heads_in(heads) / part.person_slots for part in parts]


def erlang_b(load: float, people: float) -> float:
    """Return the share lost with so many people, linear between whole numbers; convex in them.

    Messerli, Bell System Technical Journal 51 (1972) 951-953, proves the convexity.
    """
    blocked, values = 1.0, [1.0]
    for c in range(1, math.ceil(people) + 1):
        blocked = load * blocked / (c + load * blocked)
        values.append(blocked)
    low = math.floor(people)
    return values[low] + (people - low) * (values[math.ceil(people)] - values[low])


def concave_service(loads: Sequence[float]) -> Service:
    """Return the share served where each part loses whom it cannot serve at once: concave."""

    def service(heads: Sequence[float]) -> float:
        served = [a * (1.0 - erlang_b(a, y)) for a, y in zip(loads, heads, strict=True)]
        return sum(served) / sum(loads)

    return service


def convex_service(most: int) -> Service:
    """Return a service that grows with the square of the people: no plane is right."""
    return lambda heads: sum(y * y for y in heads) / (len(PARTS) * most * most)


@dataclass
class Shop:
    """A service by formula, with a master and a ladder that know every plan.

    Parameters
    ----------
    service
        Share of orders in time by people in the parts.
    most
        People in a part: 0 to this.
    noise_sd, own_noise_sd
        Spread between replications, common to all plans, and of each plan by itself.
    luck
        Another number, other luck.
    """

    service: Service
    most: int
    noise_sd: float = 0.0
    own_noise_sd: float = 0.0
    luck: int = 0
    played: int = 0

    def play(self, staff: Staff, replications: Sequence[int]) -> list[Kpis]:
        """Play by the formula; luck depends on the replication, and a little on the plan."""
        heads = mean_heads(at_work(staff))
        mean = self.service(heads)
        self.played += len(replications)
        plan = round(sum(heads) * 1000)
        return [
            {
                KPI: mean
                + self.noise_sd * float(np.random.default_rng([self.luck, number]).normal())
                + self.own_noise_sd
                * float(np.random.default_rng([self.luck, number, plan]).normal())
            }
            for number in replications
        ]

    def ladder(self, rung: int) -> Planned | None:
        """Return the fullest house as the requirement plan, and no other rung."""
        return planned((self.most,) * len(PARTS), "everybody") if rung == 0 else None

    def master(self, cuts: Sequence[Cut]) -> Planned | None:
        """Return the cheapest plan that satisfies the rows."""
        plans = every_plan(self.most)
        right = np.ones(len(plans), dtype=np.bool_)
        for cut in cuts:
            total = np.zeros(len(plans), dtype=np.int64)
            for term in cut.terms:
                part = PARTS.index((term.first % 96 // 4, term.role))
                assert term.length == 16
                total += term.weight * 16 * plans[:, part]
            right &= total >= cut.at_least
        if not right.any():
            return None
        plan = planned(tuple(plans[right][0].tolist()), "under rows")
        return replace(plan, bound_cents=plan.cost_cents)

    def cheapest(self, at_least: float) -> int | None:
        """Return the cents of the cheapest plan whose mean keeps the promise, by trying all."""
        for counts in every_plan(self.most).tolist():
            if self.service(counts) >= at_least:
                return planned_cents(counts)
        return None


@cache
def every_plan(most: int) -> npt.NDArray[np.int64]:
    """Return every plan, a row each, the cheapest first."""
    every = itertools.product(range(most + 1), repeat=len(PARTS))
    return np.array(sorted(every, key=lambda counts: (planned_cents(counts), counts)))


def planned_cents(counts: Sequence[int]) -> int:
    """Return the wages of a week."""
    cents = {"pickers": 1900, "packers": 2300}
    return sum(28 * cents[role] * n for (_, role), n in zip(PARTS, counts, strict=True))
