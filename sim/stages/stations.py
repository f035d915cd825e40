"""Extra work on picked orders at stations, before they are packed.

A shipment passes as many stations as chance sends it to. Where there is no room for it, or nobody
begins before its patience ends, it goes on without.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from sim.clock.lines import JobLine
from sim.clock.staff import Person
from sim.log.facts import Fact
from sim.orders.draws import draw
from sim.orders.streams import next_draw, stream
from sim.scenario.schema import Law, law_mean
from sim.scenario.schema.stations import Station as Rules
from sim.stages.station_work import SideWork, StationJob, StationLine

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Shipment

AT_STATION, STATION_STARTED = int(Fact.AT_STATION), int(Fact.STATION_STARTED)
STATION_ENDED, STATION_FULL = int(Fact.STATION_ENDED), int(Fact.STATION_FULL)
STATION_LEFT = int(Fact.STATION_LEFT)
TO_STATIONS, STATIONS_PASSED = int(Fact.TO_STATIONS), int(Fact.STATIONS_PASSED)

PACKING = -1
"""Where a shipment goes that passes no further station."""


@dataclass(frozen=True)
class StationPlace:
    """Where the work of a station waits, and whose it is.

    Parameters
    ----------
    first_line
        Number of its first line among those that people serve.
    by_channel
        Whether each channel has a line of its own, for people who are not trained for all.
    side_line
        Line of its side work; None where there is none.
    people
        Persons of the station by the place they have there. Those of different shifts share one;
        none where people without a station of their own serve it.
    """

    first_line: int
    by_channel: bool
    side_line: int | None
    people: tuple[tuple[int, ...], ...]


class Station:
    """A station in one replication.

    Parameters
    ----------
    name, number
        Its name, and its place among the stations of the scenario.
    rules
        What the scenario says of it.
    place
        Its lines and people.
    channels
        Names of the channels, by number.

    Attributes
    ----------
    present
        Shipments in line and in work.
    in_hand
        Work that somebody has taken up, and who; the latest last.
    """

    def __init__(
        self, name: str, number: int, rules: Rules, place: StationPlace, channels: Sequence[str]
    ) -> None:
        self.name = name
        self.number = number
        self.rules = rules
        self.place = place
        self.present = 0
        self.house: House
        self._laws = [rules.time_s_by_channel.get(channel, rules.time_s) for channel in channels]
        self._place_of = {who: at for at, group in enumerate(place.people) for who in group}
        self._crew = _Crew(rules, self._place_of, channels)
        self.in_hand: dict[StationJob, Person] = {}

    def open(self, house: House) -> None:
        """Stand before its people; where they have other work, let them know."""
        self.house = house
        if self.rules.side_work_s is not None and self.place.side_line is not None:
            side_work = SideWork(self, self.rules.side_work_s, self.luck("side work"))
            house.staff.sources[self.place.side_line] = side_work
            house.staff.spare_lines.add(self.place.side_line)

    def lines(self) -> list[JobLine]:
        """Return its lines."""
        first = self.place.first_line
        count = len(self._laws) if self.place.by_channel else 1
        return self.house.staff.lines[first : first + count]

    def luck(self, what: str) -> np.random.Generator:
        """Return a stream of this station."""
        book = self.house.book
        return stream(book.seed, f"stations/{self.name}/{what}", book.replication)

    def visit(self, leg: Shipment, luck: np.random.Generator) -> Generator[simpy.Event, Any, None]:
        """Wait for somebody and be worked at; or go on without."""
        env, add, number, rules = self.house.env, self.house.log.add, leg.number, self.rules
        add((env.now, AT_STATION, number, self.number, 0.0))
        if rules.places is not None and self.present >= rules.places:
            add((env.now, STATION_FULL, number, self.number, 0.0))
            return
        came_s, channel = env.now, leg.order.channel
        self.present += 1
        rank = leg.order.rank if rules.sequence == "priority" else 0
        job = self.ask(
            STATION_STARTED, number, channel, _one(self._laws[channel], luck), luck, rank
        )
        if rules.patience_s is not None:
            patience_s = _one(rules.patience_s, luck)
            if job.begun_s < 0.0:
                patience = simpy.Timeout(env, patience_s)
                patience.callbacks.append(lambda _: self._gives_up(job))
        yield job
        if job.gave_up:
            add((env.now, STATION_LEFT, number, self.number, env.now - came_s))
        else:
            add((env.now, STATION_ENDED, number, self.number, job.worked_s))

    def ask(
        self,
        started: int,
        subject: int,
        channel: int,
        work_s: float,
        luck: np.random.Generator,
        priority: int = 0,
    ) -> StationJob:
        """Ask for work; whoever is free, or is interrupted for it, begins at once.

        Parameters
        ----------
        started, subject
            Fact to log when the work is taken up, each time, and whom it is about.
        channel
            Channel of the order; -1 for a repair.
        work_s
            Seconds of work at the standard speed.
        luck
            Stream of the times of people who have laws of their own.
        priority
            Rank, 0 first.
        """
        staff = self.house.staff
        number = self.place.first_line + (channel if self.place.by_channel else 0)
        line = staff.lines[number]
        line.tickets += 1
        job = StationJob(
            self, started, subject, channel, number, work_s, luck,
            priority=priority, ticket=line.tickets,
        )  # fmt: skip
        person = self._who_takes(job)
        if person is None:
            line.join(job, self.house.env.now)
        else:
            staff.take_up(person, job, number)
        return job

    def _who_takes(self, job: StationJob) -> Person | None:
        """Return who begins at once: somebody free, or interrupted; None if it must wait."""
        staff = self.house.staff
        free = staff.free(job.line)
        if free:
            return self._crew.first_of(free, job.channel, self._standard_s)
        if not self.rules.interrupts:
            return None
        lower = (
            (each, who)
            for each, who in self.in_hand.items()
            if each.priority > job.priority and job.line in who.lines and each.may_stop
        )
        # of lowest rank, and there what was taken up last
        found = max(lower, key=lambda pair: (pair[0].priority, pair[1].started_s), default=None)
        if found is None:
            return None
        dropped, person = found
        staff.drop(person)
        staff.wake(dropped.line)  # somebody else may be free for it
        return person

    def leaves(self, job: StationJob) -> None:
        """Count out a visit or a repair that has ended."""
        if job.channel >= 0:
            self.present -= 1

    def _gives_up(self, job: StationJob) -> None:
        if job.begun_s >= 0.0:
            return
        line = self.house.staff.lines[job.line]
        assert isinstance(line, StationLine)
        line.leave(job, self.house.env.now)
        job.gave_up = True
        self.leaves(job)
        job.succeed()

    def speed(self, person: int) -> float:
        """Return a person's speed / the station's standard."""
        return self._crew.speed.get(person, 1.0)

    def own_work_s(self, person: int, job: StationJob) -> float | None:
        """Return the seconds that a person with a law of their own needs; None of all others."""
        law = self._crew.own_law.get((person, job.channel))
        return None if law is None else _one(law, job.luck)

    def _standard_s(self, person: int, channel: int) -> float:
        if channel < 0:  # a repair
            return 1.0 / self.speed(person)
        law = self._crew.own_law.get((person, channel))
        return law_mean(law or self._laws[channel]) / (1.0 if law else self.speed(person))


class _Crew:
    """What is known of a station's own people one by one, by their numbers in the house."""

    def __init__(self, rules: Rules, place_of: Mapping[int, int], channels: Sequence[str]) -> None:
        own = list(rules.specialists.items())
        self._rule = rules.free_first
        self._place_of = place_of
        named = {who: own[at] for who, at in place_of.items()} if own else {}
        self.speed = {who: each.pace for who, (_, each) in named.items()}
        self.own_law: dict[tuple[int, int], Law] = {
            (who, channel): each.time_s_by_channel[name]
            for who, (_, each) in named.items()
            for channel, name in enumerate(channels)
            if name in each.time_s_by_channel
        }
        self._choice = {
            channel: {
                who: rules.first_choice[name].index(label)
                for who, (label, _) in named.items()
                if label in rules.first_choice[name]
            }
            for channel, name in enumerate(channels)
            if name in rules.first_choice
        }

    def first_of(
        self, free: Sequence[Person], channel: int, standard_s: Callable[[int, int], float]
    ) -> Person:
        """Return who of several free people takes a shipment."""
        choice = self._choice.get(channel)
        if choice is not None:
            return min(free, key=lambda person: choice.get(person.number, len(choice)))
        if self._rule == "fastest":
            return min(
                free,
                key=lambda person: (standard_s(person.number, channel), self._place(person)),
            )
        if self._rule == "listed":
            return min(free, key=self._place)
        return free[0]

    def _place(self, person: Person) -> int:
        return self._place_of.get(person.number, person.number)


class Stations:
    """All stations, and the ways between them."""

    def __init__(self, stations: Sequence[Station], channels: Sequence[str]) -> None:
        self.stations = list(stations)
        number = {station.name: station.number for station in stations}
        self._first = [
            _cumulated(
                (s.number, s.rules.share_by_channel.get(channel, s.rules.share)) for s in stations
            )
            for channel in channels
        ]
        self._then = [
            _cumulated((number[name], share) for name, share in s.rules.then.items())
            for s in stations
        ]

    def pass_them(self, leg: Shipment) -> Generator[simpy.Event, Any, None]:
        """Visit one station after the other, as chance sends a shipment."""
        first = self._first[leg.order.channel]
        if not first:
            return
        house = self.stations[0].house
        book, order = house.book, leg.order
        luck = next_draw(book.seed, "stations", book.replication, order.number, leg.leg)
        visits, since_s = 0, house.env.now
        at = _where(first, luck)
        if at != PACKING:
            house.log.add((since_s, TO_STATIONS, leg.number, -1, 0.0))
        while at != PACKING:
            visits += 1
            yield from self.stations[at].visit(leg, luck)
            at = _where(self._then[at], luck)
        if visits:
            now = house.env.now
            house.log.add((now, STATIONS_PASSED, leg.number, visits, now - since_s))


Ways = list[tuple[float, int]]


def _cumulated(ways: Iterable[tuple[int, float]]) -> Ways:
    """Return the chances of ways, each with those before it."""
    total, found = 0.0, []
    for to, share in ways:
        if share > 0.0:
            total += share
            found.append((total, to))
    return found


def _where(ways: Ways, luck: np.random.Generator) -> int:
    if not ways:
        return PACKING
    chance = luck.random()
    return next((to for bound, to in ways if chance < bound), PACKING)


def _one(law: Law, luck: np.random.Generator) -> float:
    return float(draw(law, luck, 1)[0])
