"""Stations wired for one replication: their lines, and which specialists stand where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.clock.calendar import Crew
from sim.scenario.schema.stations import Station as Rules
from sim.stages.house import SPECIALISTS, House
from sim.stages.machines import run_machines
from sim.stages.station_work import StationLine
from sim.stages.stations import Station, StationPlace, Stations

Places = dict[str, StationPlace]

NOBODY = -1
"""Number of somebody of another role who is trained for stations."""


def places_of_stations(
    rules: Mapping[str, Rules], crews: Sequence[Crew], channels: int, first_line: int
) -> Places:
    """Return where the work of each station waits and whose it is; lines count from a first one.

    The first specialists of each shift stand at the first station that has people of its own.
    """
    found: Places = {}
    line, taken = first_line, 0
    teams = [crew for crew in crews if crew.role == SPECIALISTS]
    for name, station in rules.items():
        own = station.own_people or 0
        by_channel = any(each.channels for each in station.specialists.values())
        lines = channels if by_channel else 1
        side = None if station.side_work_s is None else line + lines
        people = tuple(
            tuple(crew.first_person + place for crew in teams if place < crew.heads)
            for place in range(taken, taken + own)
        )
        found[name] = StationPlace(line, by_channel, side, people)
        line += lines + (side is not None)
        taken += own
    return found


def lines_of_stations(rules: Mapping[str, Rules], channels: int) -> int:
    """Return how many lines all stations have."""
    places = places_of_stations(rules, (), channels, 0)
    return sum(
        (channels if place.by_channel else 1) + (place.side_line is not None)
        for place in places.values()
    )


def lines_of_specialist(
    person: int, rules: Mapping[str, Rules], places: Places, channels: Sequence[str]
) -> list[int]:
    """Return the lines that a specialist serves, in order of choice.

    Parameters
    ----------
    person
        Their number in the house, or :data:`NOBODY`.
    """
    own: list[int] = []
    shared: list[int] = []
    for name, place in places.items():
        at = next((at for at, group in enumerate(place.people) if person in group), None)
        if at is not None:
            own += _lines(rules[name], place, at, channels)
        elif rules[name].own_people is None:
            shared += _lines(rules[name], place, None, channels)
    return own or shared


def _lines(
    rules: Rules, place: StationPlace, at: int | None, channels: Sequence[str]
) -> Iterator[int]:
    specialists = list(rules.specialists.values())
    trained = specialists[at].channels if specialists and at is not None else []
    if place.by_channel:
        yield from (place.first_line + channels.index(name) for name in trained or channels)
    else:
        yield place.first_line
    if place.side_line is not None:
        yield place.side_line


def open_stations(house: House, places: Places, channels: Sequence[str]) -> Stations | None:
    """Put the stations before their people, and let their machines run; None without stations."""
    rules = house.scenario.stations
    if not rules:
        return None
    stations = [
        Station(name, number, rules[name], place, channels)
        for number, (name, place) in enumerate(places.items())
    ]
    for station in stations:
        lines = len(channels) if station.place.by_channel else 1
        for line in range(station.place.first_line, station.place.first_line + lines):
            house.staff.lines[line] = house.staff.sources[line] = StationLine()
        station.open(house)
    run_machines(house, stations)
    return Stations(stations, channels)
