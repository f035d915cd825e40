"""Rules on stations: ways that end, people who are there, choices that can be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.scenario.checks.finding import Finding, near
from sim.scenario.schema import Scenario, law_mean
from sim.scenario.schema.stations import Station

ROLE = "specialists"
SLACK = 1e-9
HOUR_S = 3600.0
LEAST_CHANCE = 0.001
"""Of a way that counts as one to packing: with a rarer one a shipment would go round for ever."""
LEAST_S = 1.0
"""Mean of what is done, or breaks down, again and again: shorter ones would never let a run end."""


def check_station_names(scenario: Scenario) -> Iterator[Finding]:
    """Stations and channels that are named exist."""
    names, channels = tuple(scenario.stations), tuple(scenario.orders.channels)
    for name, station in scenario.stations.items():
        path = f"stations.{name}"
        yield from _unknown(f"{path}.then", station.then, names, "station", "stations")
        if station.machines is not None:
            place = f"{path}.machines.repaired_at"
            yield from _unknown(
                place, (station.machines.repaired_at,), names, "station", "stations", named=False
            )
        for key, named in _channels_named(station):
            yield from _unknown(f"{path}.{key}", named, channels, "channel", "orders.channels")


def _channels_named(station: Station) -> Iterator[tuple[str, Iterable[str]]]:
    yield "time_s_by_channel", station.time_s_by_channel
    yield "share_by_channel", station.share_by_channel
    yield "first_choice", station.first_choice
    for who, specialist in station.specialists.items():
        yield f"specialists.{who}.channels", specialist.channels
        yield f"specialists.{who}.time_s_by_channel", specialist.time_s_by_channel


def _unknown(
    path: str,
    found: Iterable[str],
    known: tuple[str, ...],
    kind: str,
    section: str,
    *,
    named: bool = True,
) -> Iterator[Finding]:
    """Yield what is no station or channel; ``named``: the names are keys or items of the path."""
    for name in found:
        if name not in known:
            one_of = f"one of {section}: {', '.join(known)}"
            key = named and not path.endswith(".channels")
            place = f"{path}.{name}" if key else path
            yield place, f"{name!r} is no {kind}", one_of, near(name, known)


def check_station_ways(scenario: Scenario) -> Iterator[Finding]:
    """Shares are at most 1 together, and every shipment gets to packing at last."""
    stations = scenario.stations
    if not stations:
        return
    totals = {
        channel: sum(_share(station, channel) for station in stations.values())
        for channel in scenario.orders.channels
    }
    over = [channel for channel, total in totals.items() if total > 1.0 + SLACK]
    if over:
        yield (
            "stations",
            f"shares that add up to {totals[over[0]]:g} for orders of {', '.join(over)}",
            "at most 1 for each channel: a shipment goes to one station first",
            "send shipments on to further stations by then",
        )
    for name, station in stations.items():
        total = sum(station.then.values())
        if total > 1.0 + SLACK:
            yield f"stations.{name}.then", f"shares that add up to {total:g}", "at most 1", ""
    for name in _without_end(stations):
        yield (
            f"stations.{name}.then",
            "a way that never leads to packing, or hardly ever",
            f"at most {1.0 - LEAST_CHANCE:g} in all at some station on every way round",
            "what is left of 1 goes on to packing",
        )


def _share(station: Station, channel: str) -> float:
    return station.share_by_channel.get(channel, station.share)


def _without_end(stations: dict[str, Station]) -> list[str]:
    """Return the stations from which packing is never reached, or hardly ever."""
    least = LEAST_CHANCE - SLACK
    ends = {name for name, each in stations.items() if sum(each.then.values()) <= 1.0 - least}
    for _ in stations:
        ends |= {
            name
            for name, each in stations.items()
            if any(share >= least and to in ends for to, share in each.then.items())
        }
    return [name for name in stations if name not in ends]


def visited(scenario: Scenario, channel: str) -> list[str]:
    """Return the stations that a channel's orders may come to, in the order of the file."""
    stations = scenario.stations
    found = {name for name, station in stations.items() if _share(station, channel) > 0.0}
    for _ in stations:
        for name, station in stations.items():
            if name in found:
                ways = station.then.items()
                found |= {to for to, share in ways if share > 0.0 and to in stations}
    return [name for name in stations if name in found]


def check_station_people(scenario: Scenario) -> Iterator[Finding]:
    """Every station that has work has somebody to do it."""
    stations = scenario.stations
    needed = sum(station.own_people or 0 for station in stations.values())
    heads = {name: shift.most_heads(ROLE) for name, shift in scenario.staff.items()}
    for name, count in heads.items():
        if 0 < count < needed:
            yield (
                f"staff.{name}.{ROLE}",
                f"{count}, where stations have {needed} people of their own",
                f"at least {needed}, or 0",
                "each shift's first specialists stand at the first station",
            )
    for name, why in _with_work(scenario).items():
        own = stations[name].own_people
        if own == 0:
            yield f"stations.{name}.people", f"0, but {why}", "at least 1", ""
        elif own and not any(heads.values()):
            yield "staff", f"no {ROLE} on any shift", f"{needed} on some shift: {why}", ""
            return
        elif own is None and not _somebody_else(scenario, heads, needed):
            yield (
                "staff",
                f"no {ROLE} beyond those of single stations",
                f"at least {needed + 1} on some shift: {why}",
                f"or give stations.{name} people of its own",
            )
            return


def _with_work(scenario: Scenario) -> dict[str, str]:
    """Return the stations that have work, and what it is."""
    stations = scenario.stations
    come = {name for channel in scenario.orders.channels for name in visited(scenario, channel)}
    repaired = {each.machines.repaired_at for each in stations.values() if each.machines}
    why = {name: f"shipments come to station {name}" for name in stations if name in come}
    for name in stations:
        if name in repaired and name not in come:
            why[name] = f"machines are repaired at {name}"
    return why


def _somebody_else(scenario: Scenario, heads: dict[str, int], needed: int) -> bool:
    """Tell whether anybody works at the stations that have no people of their own."""
    trained = [
        role for role, learnt in scenario.people.cross_training.items() if ROLE in learnt
    ]  # fmt: skip
    shifts = scenario.staff.values()
    others = any(shift.most_heads(role) for role in trained for shift in shifts if role != ROLE)
    return others or any(count > needed for count in heads.values())


def check_specialists(scenario: Scenario) -> Iterator[Finding]:
    """People one by one: choices among those who are there, for orders they can do."""
    for name, station in scenario.stations.items():
        path = f"stations.{name}"
        if station.people is not None and station.specialists:
            yield (
                f"{path}.people",
                f"{station.people}, beside {len(station.specialists)} specialists by name",
                "either people or specialists",
                "",
            )
        yield from _first_choice(path, station)
        if any(each.channels for each in station.specialists.values()):
            yield from _trained(path, name, station, scenario)


def _first_choice(path: str, station: Station) -> Iterator[Finding]:
    if station.first_choice and not station.specialists:
        yield (
            f"{path}.first_choice",
            "a choice of people, who are all alike",
            f"names of {path}.specialists",
            "name the specialists",
        )
        return
    for channel, chosen in station.first_choice.items():
        for who in chosen:
            specialist = station.specialists.get(who)
            if specialist is None:
                known = tuple(station.specialists)
                one_of = f"one of {path}.specialists: {', '.join(known)}"
                place = f"{path}.first_choice.{channel}"
                yield place, f"{who!r} does not work here", one_of, near(who, known)
            elif specialist.channels and channel not in specialist.channels:
                yield (
                    f"{path}.first_choice.{channel}",
                    f"{who!r}, who is trained for {', '.join(specialist.channels)}",
                    f"people trained for {channel}",
                    f"add {channel} to {path}.specialists.{who}.channels",
                )


def _trained(path: str, name: str, station: Station, scenario: Scenario) -> Iterator[Finding]:
    """What people trained for some channels cannot do, and who has nothing to do."""
    repairs = [
        label for label, each in scenario.stations.items()
        if each.machines is not None and each.machines.repaired_at == name
    ]  # fmt: skip
    if repairs:
        yield (
            f"{path}.specialists",
            f"people trained for some channels, who repair machines of {', '.join(repairs)}",
            "a workshop whose people do all its work",
            "leave their channels out, or name another station to repair at",
        )
    everybody = station.specialists.values()
    come = [each for each in scenario.orders.channels if name in visited(scenario, each)]
    for channel in come:
        if not any(not each.channels or channel in each.channels for each in everybody):
            yield (
                f"{path}.specialists",
                f"nobody trained for {channel}, whose orders come here",
                f"somebody with {channel} among their channels, or with none named",
                f"or send none: {path}.share_by_channel.{channel}: 0",
            )
    for who, each in station.specialists.items():
        if each.channels and not any(channel in come for channel in each.channels):
            yield (
                f"{path}.specialists.{who}.channels",
                f"only channels none of whose orders come here: {', '.join(each.channels)}",
                f"some of {', '.join(come)}" if come else "no channels",
                "",
            )


def check_station_rules(scenario: Scenario) -> Iterator[Finding]:
    """Interruptions need ranks; side work and machines take time; repairs can be made."""
    for name, station in scenario.stations.items():
        path, machines = f"stations.{name}", station.machines
        if station.interrupts and station.sequence != "priority":
            yield (
                f"{path}.interrupts",
                f"true with sequence {station.sequence}",
                "sequence priority",
                f"set {path}.sequence to priority",
            )
        if station.side_work_s is not None and law_mean(station.side_work_s) < LEAST_S:
            found = f"{law_mean(station.side_work_s):g} s of work, again and again"
            expected = f"at least {LEAST_S:g} s in the mean, or null"
            yield f"{path}.side_work_s", found, expected, "give the time of a whole piece"
        if machines is None:
            continue
        runs_s = law_mean(machines.runs_h) * HOUR_S
        if runs_s < LEAST_S:
            found = f"machines that break down {runs_s:g} s after they are repaired"
            yield f"{path}.machines.runs_h", found, "some hours", "the unit is hours, not seconds"
        if not station.own_people:
            yield (
                f"{path}.machines",
                "machines at a station without people of its own",
                "people or specialists: each has a machine",
                f"set {path}.people",
            )
        if round_about := _repaired_by_themselves(name, scenario.stations):
            yield (
                f"{path}.machines.repaired_at",
                f"repairs that wait for the same machines: {' -> '.join(round_about)}",
                "people who repair without these machines",
                "add a workshop: a station with people and no share",
            )


def _repaired_by_themselves(name: str, stations: dict[str, Station]) -> list[str]:
    """Return the round of workshops from a station back to itself; empty if there is none."""
    way, at = [name], name
    while (machines := stations[at].machines) is not None:
        at = machines.repaired_at
        if at == name:
            return [*way, at]
        if at in way or at not in stations:
            break
        way.append(at)
    return []
