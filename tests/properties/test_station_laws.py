"""Random houses with stations keep all laws, end, and come out the same twice."""

from __future__ import annotations

import os
from collections import defaultdict

from hypothesis import HealthCheck, Phase, given, settings

from sim.kpis.balance import balance
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.log.facts import Fact
from sim.scenario.schema import Scenario
from tests.properties.law_book import LawBook
from tests.properties.worlds import scenarios_with_stations
from tests.sim.engine.playing import Record, record

EXAMPLES = max(1, int(os.environ.get("WARELAB_EXAMPLES", "60")) // 5)
FEW = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
DAY_S = 86_400.0
SMALL_S = 1e-6


@FEW
@given(scenarios_with_stations())
def test_stations_keep_the_laws_of_the_house(scenario: Scenario) -> None:
    """The law book holds, the accounts add up, room is kept, and twice gives the same bytes."""
    played = record(scenario)
    tables = Tables(played.book.demand, played.setting.catalogue, Window(0.0, DAY_S))
    tables.add(played.log)

    LawBook(played).check()
    assert balance(tables).faults == ()
    check_room(played)
    check_people_and_machines(played)
    assert record(scenario).bytes == played.bytes


def check_room(played: Record) -> None:
    """No more are at a station than have room; who leaves has waited and was never begun."""
    rules = list(played.setting.scenario.stations.values())
    present: dict[int, int] = defaultdict(int)
    begun: dict[int, bool] = {}
    for row in played.rows(*(Fact(number) for number in range(170, 176))):
        station = rules[row.other]
        if row.fact == Fact.AT_STATION:
            present[row.other] += 1
            begun[row.subject] = False
        elif row.fact == Fact.STATION_STARTED:
            begun[row.subject] = True
        elif row.fact == Fact.STATION_FULL:
            assert station.places is not None
            assert present[row.other] == station.places + 1
        elif row.fact == Fact.STATION_LEFT:
            assert station.patience_s is not None
            assert not begun[row.subject]
        if row.fact in {Fact.STATION_ENDED, Fact.STATION_FULL, Fact.STATION_LEFT}:
            present[row.other] -= 1
        assert station.places is None or present[row.other] <= station.places + 1


def check_people_and_machines(played: Record) -> None:
    """Nobody works at a station at a broken machine of theirs, nor at a station of others."""
    stations = list(played.setting.scenario.stations.values())
    people: dict[int, dict[int, None]] = defaultdict(dict)
    for row in played.rows(Fact.STATION_STARTED):
        people[row.other][int(row.value)] = None
    own = [number for number, each in enumerate(stations) if each.own_people]
    for number in own:
        others = [who for other in people if other != number for who in people[other]]
        assert not [who for who in people[number] if who in others]
    broken: dict[int, int] = defaultdict(int)
    for row in played.rows(Fact.BROKE_DOWN, Fact.REPAIRED, Fact.STATION_STARTED):
        if row.fact == Fact.BROKE_DOWN:
            broken[row.other] += 1
        elif row.fact == Fact.REPAIRED:
            broken[row.other] -= 1
        elif stations[row.other].machines is not None:
            assert broken[row.other] < (stations[row.other].own_people or 0)
