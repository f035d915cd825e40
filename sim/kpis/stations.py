"""Stations: how many visits, how long they wait and last, what goes on without; machines.

A visit is that of a shipment to a station on its way from the pick to packing. The cohort's visits
are those of the shipments of its orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.duty import Spans, break_spans, paid_spans, side_spans, work_spans
from sim.kpis.people_tables import SPECIALISTS
from sim.kpis.station_tables import ENDED, FULL, LEFT, Visits
from sim.kpis.sums import exact_sum, in_units, mean, quantile, ratio
from sim.scenario.schema import ROLES

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MINUTE_S = 60.0
SHARE_OF_TIMES = 0.95


def cohort_visits(account: Account) -> tuple[Visits, Flags]:
    """Return all visits, and which of them are of the cohort's shipments."""
    visits = account.visits
    order = account.order_of_leg[visits.shipment]
    return visits, account.tables.cohort_order(order)


def station_visits_per_order(account: Account) -> float | None:
    """Visits of the cohort's shipped orders (AT_STATION) / these orders.

    Every shipment of an order counts, replacements included; so do visits that found no room.
    """
    if not account.tables.of_stations.facts.count:
        return None
    visits = account.visits
    came = np.isin(account.order_of_leg[visits.shipment], account.shipped)
    return ratio(float(np.count_nonzero(came)), float(len(account.shipped)))


def station_wait_mean_min(account: Account) -> float | None:
    """Mean wait of the cohort's visits from AT_STATION to their first STATION_STARTED, min.

    Visits whose work never began (no room, left, still in line) are out.
    """
    visits, chosen = cohort_visits(account)
    waits = (visits.begun_s - visits.came_s)[chosen]
    return in_units(mean(waits[~np.isnan(waits)]), MINUTE_S)


def station_time_p95_min(account: Account) -> float | None:
    """95 % quantile of the time from AT_STATION to STATION_ENDED of the cohort's visits, min.

    Waits and interruptions are in; visits that were skipped (no room, left) are out.
    """
    visits, chosen = cohort_visits(account)
    served = chosen & (visits.end == ENDED)
    times = (visits.ended_s - visits.came_s)[served]
    return in_units(quantile(times, SHARE_OF_TIMES), MINUTE_S)


def _share_of_visits(account: Account, *ends: int) -> float | None:
    visits, chosen = cohort_visits(account)
    found = np.isin(visits.end[chosen], ends)
    return ratio(float(np.count_nonzero(found)), float(len(found)))


def station_skipped_rate(account: Account) -> float | None:
    """Visits without the work (STATION_FULL or STATION_LEFT) / visits, the cohort's."""
    return _share_of_visits(account, FULL, LEFT)


def station_full_rate(account: Account) -> float | None:
    """Visits that found no room (STATION_FULL) / visits, the cohort's."""
    return _share_of_visits(account, FULL)


def station_interruptions_per_visit(account: Account) -> float | None:
    """Times that work was dropped (STATION_INTERRUPTED) / visits, the cohort's.

    For a shipment of higher rank, a broken machine, a shift's end or a break.
    """
    visits, chosen = cohort_visits(account)
    dropped = float(visits.interruptions[chosen].sum())
    return ratio(dropped, float(np.count_nonzero(chosen)))


def machines_of(account: Account) -> dict[str, int]:
    """Return the machines of each station: one for each of its own people of a shift."""
    return {
        name: station.own_people or 0 if station.machines is not None else 0
        for name, station in account.scenario.stations.items()
    }


def _down_s(account: Account, station: int | None = None) -> float:
    """Return the seconds inside the window that machines were broken."""
    broken = account.tables.of_stations.breakdowns()
    until_s = np.where(np.isnan(broken.repaired_s), account.tables.last_s, broken.repaired_s)
    spent_s = account.window.cut(until_s) - account.window.cut(broken.broke_s)
    return exact_sum(spent_s if station is None else spent_s[broken.station == station])


def machine_availability_rate(account: Account) -> float | None:
    """1 - time from BROKE_DOWN to REPAIRED inside the window / machines times the window.

    Machines run and break down around the clock, whether anybody is at work or not.
    """
    machines = sum(machines_of(account).values())
    down = ratio(_down_s(account), machines * account.window.length_s)
    return None if down is None else 1.0 - down


def repair_wait_mean_min(account: Account) -> float | None:
    """Mean time from BROKE_DOWN inside the window to the first REPAIR_STARTED, min.

    Repairs that had not begun are out.
    """
    broken = account.tables.of_stations.breakdowns()
    waits = (broken.repair_s - broken.broke_s)[account.window.holds(broken.broke_s)]
    return in_units(mean(waits[~np.isnan(waits)]), MINUTE_S)


def side_work_share_rate(account: Account) -> float | None:
    """Other work of specialists (SIDE_WORKED) / paid time of specialists, inside the window."""
    if not account.tables.of_stations.side_work.count:
        return None
    hours = account.hours
    return ratio(float(hours.side_s[SPECIALISTS]), float(hours.paid_s[SPECIALISTS]))


@dataclass(frozen=True)
class StationRow:
    """A station in one replication: visits of the cohort, people and machines inside the window.

    Parameters
    ----------
    visits, full, left, interrupted
        Visits; of them those without room and those that left the line; work dropped.
    begun, waited_min
        Visits whose work began, and the sum of their waits.
    there_min, busy_min, side_min
        Of the station's own people: paid time without breaks, work, other work. Of people without
        a station of their own: zero.
    machine_min, down_min
        Machines times the window, and how long they were broken.
    """

    visits: int
    full: int
    left: int
    interrupted: int
    begun: int
    waited_min: float
    there_min: float
    busy_min: float
    side_min: float
    machine_min: float
    down_min: float


def station_rows(account: Account) -> dict[str, StationRow]:
    """Return what happened at each station, in the order of the scenario."""
    stations = account.scenario.stations
    if not stations:
        return {}
    visits, chosen = cohort_visits(account)
    waits_s = visits.begun_s - visits.came_s
    people, machines = own_people(account), machines_of(account)
    work = (paid_spans, break_spans, work_spans, side_spans)
    paid, pauses, busy, side = (spans(account.tables) for spans in work)
    rows: dict[str, StationRow] = {}
    for number, name in enumerate(stations):
        here = chosen & (visits.station == number)
        waits = waits_s[here & ~np.isnan(waits_s)]
        own = people[name]
        side_min = _minutes(account, side, own)
        rows[name] = StationRow(
            int(np.count_nonzero(here)),
            int(np.count_nonzero(visits.end[here] == FULL)),
            int(np.count_nonzero(visits.end[here] == LEFT)),
            int(visits.interruptions[here].sum()),
            len(waits),
            exact_sum(waits) / MINUTE_S,
            _minutes(account, paid, own) - _minutes(account, pauses, own),
            _minutes(account, busy, own) - side_min,
            side_min,
            machines[name] * account.window.length_s / MINUTE_S,
            _down_s(account, number) / MINUTE_S,
        )
    return rows


def own_people(account: Account) -> dict[str, list[int]]:
    """Return the numbers of the people of each station; none where it has none of its own."""
    first, teams = 0, []
    for shift in account.scenario.staff.values():  # numbered by shift, in it by role
        heads = [shift.most_heads(role) for role in ROLES]
        before = first + sum(heads[:SPECIALISTS])
        teams.append(range(before, before + heads[SPECIALISTS]))
        first += sum(heads)
    found: dict[str, list[int]] = {}
    taken = 0
    for name, station in account.scenario.stations.items():
        places = range(taken, taken + (station.own_people or 0))
        found[name] = [team[at] for team in teams for at in places if at < len(team)]
        taken = places.stop
    return found


def _minutes(account: Account, spans: Spans, people: list[int]) -> float:
    inside_s = spans.inside_s(account.window.start_s, account.window.end_s)
    return exact_sum(inside_s[np.isin(spans.person, people)]) / MINUTE_S


FAMILY = "stations"
NO_VISIT = "no shipment of the cohort came to a station"
NO_MACHINES = "no station has machines"
DEFINITIONS = (
    KpiDefinition(
        "station_visits_per_order",
        "visits",
        FAMILY,
        "visits to stations an order",
        None,
        station_visits_per_order,
        "no shipment came to a station, or no order of the cohort was shipped",
    ),
    KpiDefinition(
        "station_wait_mean_min",
        "min",
        FAMILY,
        "wait at a station, mean",
        "low",
        station_wait_mean_min,
        "no work at a station began for the cohort",
    ),
    KpiDefinition(
        "station_time_p95_min",
        "min",
        FAMILY,
        "time at a station, 95 %",
        "low",
        station_time_p95_min,
        "no visit of the cohort to a station was served",
    ),
    KpiDefinition(
        "station_skipped_rate",
        "share",
        FAMILY,
        "visits that went on without the work",
        "low",
        station_skipped_rate,
        NO_VISIT,
    ),
    KpiDefinition(
        "station_full_rate",
        "share",
        FAMILY,
        "visits that found no room",
        "low",
        station_full_rate,
        NO_VISIT,
    ),
    KpiDefinition(
        "station_interruptions_per_visit",
        "times",
        FAMILY,
        "interruptions a visit",
        "low",
        station_interruptions_per_visit,
        NO_VISIT,
    ),
    KpiDefinition(
        "machine_availability_rate",
        "share",
        FAMILY,
        "machines that run",
        "high",
        machine_availability_rate,
        NO_MACHINES,
    ),
    KpiDefinition(
        "repair_wait_mean_min",
        "min",
        FAMILY,
        "wait of a broken machine for its repair, mean",
        "low",
        repair_wait_mean_min,
        "no repair of a breakdown in the window began",
    ),
    KpiDefinition(
        "side_work_share_rate",
        "share",
        FAMILY,
        "other work of specialists, of their paid time",
        None,
        side_work_share_rate,
        "nobody took up other work, or no specialists were paid in the window",
    ),
)
