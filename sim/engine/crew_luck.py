"""What chance and training make of a crew: who misses which shift, who works at what pace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sim.clock.calendar import Crew, Misses
from sim.clock.mixed_staff import MixedStaff
from sim.clock.pace import EXPERIENCED, Pace, learning_curve
from sim.clock.staff import Staff
from sim.orders.book import OrderBook
from sim.orders.people import missed_days, own_paces
from sim.policies.moving import resolve_moving
from sim.scenario.schema import ROLES, Scenario


class CrewLuck:
    """The luck of a replication's people, drawn when the house is built."""

    def __init__(self, scenario: Scenario, book: OrderBook) -> None:
        self._scenario = scenario
        self._seed = book.seed
        self._replication = book.replication

    def misses(self, crew: Crew, days: int) -> Misses | None:
        """Return who of a crew misses the shift of which day; None if nobody ever does."""
        rate = self._scenario.people.absence_rate
        if rate == 0.0:
            return None
        missed = [
            missed_days(who, rate, days, seed=self._seed, replication=self._replication).tolist()
            for who in _names(crew)
        ]
        return lambda place, day: missed[place][day + 1]

    def paces(self, crew: Crew) -> list[Pace]:
        """Return the pace of each person of a crew."""
        people = self._scenario.people
        own = own_paces(
            _names(crew),
            people.pace_cv,
            seed=self._seed,
            replication=self._replication,
            mean=people.pace,
        )
        new = self._scenario.staff[crew.shift].new_people
        curve = learning_curve(people.learning) if new else EXPERIENCED
        return [Pace(each, curve) for each in own]


def _names(crew: Crew) -> list[str]:
    return [f"{crew.shift}/{ROLES[crew.role]}/{place}" for place in range(crew.heads)]


def mixed_staff(
    scenario: Scenario, crews: Sequence[Crew], luck: CrewLuck
) -> Callable[..., Staff] | None:
    """Return what builds a staff of people who differ; None if all work alike and none is sent."""
    moving = resolve_moving(scenario.people.moving)
    anybody_new = any(shift.new_people for shift in scenario.staff.values())
    alike = scenario.people.pace_cv == 0.0 and scenario.people.pace == 1.0
    if moving is None and not anybody_new and alike:
        return None
    paces = [pace for crew in crews for pace in luck.paces(crew)]
    return partial(MixedStaff, moving=moving, paces=paces)
