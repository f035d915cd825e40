"""What is true of every delivery and every top-up, checked straight from the raw log."""

from __future__ import annotations

import datetime
from typing import Any

from sim.log.facts import Fact
from sim.scenario.schema import WEEKDAYS, Scenario, clock_s
from sim.scenario.schema.inbound import GateHours
from tests.properties.buying_laws import check_purchases
from tests.properties.laws import Laws
from tests.sim.engine.playing import Record, Row

DAY_S = 86_400.0
SMALL_S = 1e-6
F = Fact
AFTER_DELIVERY_FACT: dict[Fact | None, tuple[Fact, ...]] = {
    None: (F.TRUCK_ARRIVED,),
    F.TRUCK_ARRIVED: (F.DOCKED,),
    F.DOCKED: (F.UNLOADED,),
    F.UNLOADED: (F.PUT_AWAY,),
    F.PUT_AWAY: (),
}
AFTER_TOP_UP_FACT: dict[Fact | None, tuple[Fact, ...]] = {
    None: (F.TOP_UP_ASKED,),
    F.TOP_UP_ASKED: (F.TOP_UP_LIFTED, F.TOP_UP_STARTED, F.TOP_UP_CALLED_OFF),
    F.TOP_UP_LIFTED: (F.TOP_UP_STARTED, F.TOP_UP_CALLED_OFF),
    F.TOP_UP_STARTED: (F.TOPPED_UP,),
    F.TOPPED_UP: (F.TOP_UP_ASKED,),
    F.TOP_UP_CALLED_OFF: (F.TOP_UP_ASKED,),
}


def check_goods_in(record: Record) -> None:
    """Check purchase orders, docks and pick faces."""
    scenario = record.setting.scenario
    check_purchases(record)
    laws: tuple[Any, ...] = (_Docks(record), _TopUps(scenario))
    for law in laws:
        law.check(record)


class _Docks(Laws):
    """Trucks get their doors in the order of coming; a door holds one truck until it is empty."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        scenario = record.setting.scenario
        self.scenario, self.rules = scenario, scenario.inbound
        self.first_weekday = datetime.date.fromisoformat(scenario.run.start_date).weekday()
        self.at: dict[int, Fact] = {}
        self.units: list[int] = []
        self.docked: list[float] = []
        self.door: dict[int, int] = {}

    def _lawful(self, row: Row) -> None:
        assert row.fact in AFTER_DELIVERY_FACT[self.at.get(row.subject)], row
        self.at[row.subject] = row.fact

    def on_truck_arrived(self, row: Row) -> None:
        self._lawful(row)
        assert row.subject == len(self.units)
        self.units.append(row.other)
        assert is_open(self.rules.hours, self.first_weekday, row.time_s), "came to a closed gate"

    def on_docked(self, row: Row) -> None:
        self._lawful(row)
        assert row.subject == len(self.docked), "docked before one who came earlier"
        self.docked.append(row.time_s)
        if self.rules.dock_doors is None:
            assert row.other == -1
        else:
            assert 0 <= row.other < self.rules.dock_doors
            assert row.other not in self.door.values(), "two trucks at one door"
            self.door[row.subject] = row.other

    def on_unloaded(self, row: Row) -> None:
        self._lawful(row)
        self.door.pop(row.subject, None)
        work_s = self.rules.unload_s_per_unit * self.units[row.subject]
        work_s += self.rules.unload_s_per_delivery
        if not paces_differ(self.scenario):
            assert row.time_s - self.docked[row.subject] >= work_s - SMALL_S

    def on_put_away(self, row: Row) -> None:
        self._lawful(row)

    def moment_ends(self) -> None:
        doors = self.rules.dock_doors
        if len(self.docked) < len(self.units):
            assert doors is not None, "a truck waits for a door where they are no limit"
            assert len(self.door) == doors, "a truck waits before a free door"


def paces_differ(scenario: Scenario) -> bool:
    """Tell whether a piece of work may take less than its standard seconds."""
    return scenario.people.pace_cv > 0.0 or scenario.people.pace != 1.0


def is_open(hours: GateHours, first_weekday: int, time_s: float) -> bool:
    """Tell whether the gate is open."""
    day, clock = divmod(time_s, DAY_S)
    start, end = clock_s(hours.start), clock_s(hours.end)
    today = WEEKDAYS[(first_weekday + int(day)) % 7] in hours.days
    yesterday = WEEKDAYS[(first_weekday + int(day) - 1) % 7] in hours.days
    if end > start:
        return today and start <= clock < end
    return (today and clock >= start) or (yesterday and clock < end)


class _TopUps(Laws):
    """A face is topped up by one replenisher at a time, with what was taken from the reserve."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario, self.rules = scenario, scenario.pick_faces
        self.at: dict[int, Fact] = {}
        self.on_cart: dict[int, float] = {}
        self.started_s: dict[int, float] = {}

    def _lawful(self, row: Row) -> None:
        assert self.rules.used
        assert row.fact in AFTER_TOP_UP_FACT[self.at.get(row.subject)], row
        self.at[row.subject] = row.fact

    def on_top_up_asked(self, row: Row) -> None:
        self._lawful(row)
        assert row.other > 0
        assert row.value in ((0.0, 1.0) if self.rules.emergency_top_up else (0.0,))

    def on_top_up_lifted(self, row: Row) -> None:
        self._lawful(row)
        assert self.rules.emergency_top_up

    def on_top_up_started(self, row: Row) -> None:
        self._lawful(row)
        assert row.value > 0
        self.on_cart[row.subject], self.started_s[row.subject] = row.value, row.time_s

    def on_topped_up(self, row: Row) -> None:
        self._lawful(row)
        assert row.other == self.on_cart.pop(row.subject)
        work_s = self.rules.top_up_s + self.rules.top_up_s_per_unit * row.other
        if not paces_differ(self.scenario):
            assert row.time_s - self.started_s[row.subject] >= work_s - SMALL_S

    def on_top_up_called_off(self, row: Row) -> None:
        self._lawful(row)

    def on_waited_for_top_up(self, row: Row) -> None:
        assert self.rules.used
        assert row.other > 0
        assert 0.0 <= row.value <= row.time_s
