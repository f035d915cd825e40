"""What is true of every release, truck and message, checked straight from the raw log."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

import numpy as np

from sim.log.facts import OVERSALE, Fact, ShortAnswer, SplitKind
from sim.scenario.schema import WEEKDAYS, Scenario, clock_s
from sim.scenario.schema.shipping import Service
from tests.properties.laws import Laws
from tests.sim.engine.playing import Record, Row

DAY_S = 86_400.0


def check_shipping(record: Record) -> None:
    """Check releases, trucks, and what channels and customers are told."""
    laws: tuple[Laws, ...] = (
        _Releases(record),
        _Loads(record),
        _MissedTrucks(record),
        _Told(record),
    )
    for law in laws:
        law.check(record)


def pickups_s(service: Service, weekday: str) -> list[float]:
    """Return the clock times of a weekday's trucks, s."""
    usual = service.pickups if weekday in service.days else []
    return [float(clock_s(time)) for time in service.pickups_by_day.get(weekday, usual)]


def is_truck_time(scenario: Scenario, service: Service, time_s: float) -> bool:
    """Tell whether a truck of a service comes at a time."""
    start = datetime.date.fromisoformat(scenario.run.start_date).weekday()
    day, clock = divmod(time_s, DAY_S)
    return clock in pickups_s(service, WEEKDAYS[(start + int(day)) % 7])


class _OfShipments(Laws):
    """Knows the order, the channel and the service of every shipment."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.scenario = record.setting.scenario
        self.demand = record.book.demand
        self.services = list(self.scenario.shipping.services.values())
        self.order_of: dict[int, int] = {}
        self.kind: dict[int, int] = {}

    def on_split(self, row: Row) -> None:
        self.order_of[row.subject] = row.other
        self.kind[row.subject] = int(row.value)

    def channel(self, shipment: int) -> Any:
        order = self.order_of.get(shipment, shipment)
        name = self.demand.channels[self.demand.channel[order]]
        return self.scenario.orders.channels[name]

    def service(self, shipment: int) -> int:
        return list(self.scenario.shipping.services).index(self.channel(shipment).service)

    def replaces(self, shipment: int) -> bool:
        return self.kind.get(shipment) in (SplitKind.REPLACEMENT, SplitKind.EXCHANGE)


class _Releases(_OfShipments):
    """Nobody is held without a reason, and no more are under way than may be."""

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        self.rules = self.scenario.release
        self.allocated_s: dict[int, float] = {}
        self.under_way: dict[int, None] = {}

    def on_allocated(self, row: Row) -> None:
        self.allocated_s[row.subject] = row.time_s

    def on_released(self, row: Row) -> None:
        waited = row.time_s > self.allocated_s.pop(row.subject)
        self.under_way[row.subject] = None
        if self.rules.policy == "wip_limit":
            assert len(self.under_way) <= self.rules.wip_max_shipments, "too many under way"
        elif self.rules.policy == "waveless":
            assert not waited, f"shipment {row.subject} was held"
        elif self.rules.policy == "cut_off_wave" and waited:
            self._is_a_wave(row.subject, row.time_s)

    def _is_a_wave(self, shipment: int, time_s: float) -> None:
        service = self.services[self.service(shipment)]
        assert not service.continuous
        waves, lead_s = self.rules.waves_before_truck, self.rules.lead_min * 60.0
        trucks_s = [time_s + lead_s * (waves - wave) / waves for wave in range(waves)]
        known = [is_truck_time(self.scenario, service, round(s, 3)) for s in trucks_s]
        assert any(known), f"shipment {shipment} went at {time_s}, which is no wave"

    def on_packed(self, row: Row) -> None:
        del self.under_way[row.subject]

    def on_void(self, row: Row) -> None:
        self.under_way.pop(row.subject, None)

    def moment_ends(self) -> None:
        if self.rules.policy == "wip_limit" and self.allocated_s:
            assert len(self.under_way) == self.rules.wip_max_shipments, "held without a reason"


class _Loads(_OfShipments):
    """A truck has room for what is on it, a single shipment aside, and leaves the rest behind."""

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        self.boxes: dict[int, int] = defaultdict(lambda: 1)
        self.in_bay: dict[int, dict[int, int]] = defaultdict(dict)
        self.load: dict[int, list[int]] = defaultdict(list)

    def on_extra_box(self, row: Row) -> None:
        self.boxes[row.subject] += 1

    def on_labelled(self, row: Row) -> None:
        self.in_bay[self.service(row.subject)][row.subject] = self.boxes[row.subject]

    def on_handed_over(self, row: Row) -> None:
        self.load[row.other].append(self.in_bay[row.other].pop(row.subject))

    def on_truck_left(self, row: Row) -> None:
        load, service = self.load.pop(row.subject, []), self.services[row.subject]
        waiting = self.in_bay[row.subject]
        assert row.other == sum(load)
        assert row.value == sum(waiting.values())
        if len(load) > 1 and service.truck_capacity_parcels is not None:
            assert sum(load) <= service.truck_capacity_parcels, "too many parcels on a truck"
        assert service.is_limited or not waiting, "left behind with room for all"
        assert load or not waiting, "an empty truck left parcels behind"


class _MissedTrucks(_OfShipments):
    """Just those miss a truck that were promised it, and are neither on it nor cancelled."""

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        shipping = self.scenario.shipping
        self.noted = [
            not s.continuous and (shipping.note_trucks or s.is_limited) for s in self.services
        ]
        self.promised_s: dict[int, float] = {}
        self.rest_of: dict[int, int] = {}
        self.leg_of: dict[int, int | None] = {}
        self.told_s: dict[int, dict[int, float]] = defaultdict(dict)
        self.supplied: dict[int, None] = {}
        self.due: dict[int, None] = {}
        lines = np.diff(self.demand.first_line)
        self.order_of_line = np.repeat(np.arange(len(lines)), lines).tolist()

    def on_promised(self, row: Row) -> None:
        self.promised_s[row.subject] = float(row.other)

    def on_split(self, row: Row) -> None:
        super().on_split(row)
        if row.value == SplitKind.BACKORDER:
            self.rest_of[row.other] = row.subject
        elif row.value == SplitKind.DROPSHIP:
            self.supplied.pop(row.other, None)

    def on_short(self, row: Row) -> None:
        """An order of which the supplier sends all has no shipment of its own."""
        order = self.order_of_line[row.subject]
        answer = row.value % OVERSALE
        if answer == ShortAnswer.DROPSHIP:
            self.supplied[order] = None
        elif answer in (ShortAnswer.BACKORDER, ShortAnswer.FOLLOWS):
            self.leg_of[row.subject] = self.rest_of.get(order)

    def on_backorder_promised(self, row: Row) -> None:
        rest = self.leg_of.get(row.subject)
        if rest is not None:
            self.told_s[rest][row.subject] = row.value
            self.promised_s[rest] = max(self.told_s[rest].values())

    def on_handed_over(self, row: Row) -> None:
        self.promised_s.pop(row.subject, None)

    on_cancelled = on_void = on_handed_over

    def on_truck_left(self, row: Row) -> None:
        assert self.noted[row.subject]
        assert is_truck_time(self.scenario, self.services[row.subject], row.time_s)
        for shipment, truck_s in self.promised_s.items():
            if truck_s == row.time_s and self.service(shipment) == row.subject:
                self.due[shipment] = None

    def on_missed_truck(self, row: Row) -> None:
        assert row.value == row.time_s == self.promised_s.pop(row.subject)
        assert row.other == self.service(row.subject)
        del self.due[row.subject]

    def moment_ends(self) -> None:
        assert not [s for s in self.due if s not in self.supplied], "missed, and not told"
        self.due.clear()


class _Told(_OfShipments):
    """Whoever is told is told once, after the parcel has left, and nobody is left out."""

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        self.left: dict[int, None] = {}
        self.told: dict[Fact, dict[int, None]] = defaultdict(dict)

    def on_handed_over(self, row: Row) -> None:
        self.left[row.subject] = None

    on_sent_by_supplier = on_handed_over

    def on_marked_shipped(self, row: Row) -> None:
        self._tell(row)
        assert row.other == self.channel(row.subject).listed_in
        assert not self.replaces(row.subject)

    def on_tracking_sent(self, row: Row) -> None:
        self._tell(row)
        if self.scenario.shipping.mark_shipped != "off" and not self.replaces(row.subject):
            assert row.subject in self.told[Fact.MARKED_SHIPPED], "mailed before it is marked"

    def _tell(self, row: Row) -> None:
        assert row.subject in self.left, f"shipment {row.subject} has not left"
        assert row.subject not in self.told[row.fact], f"shipment {row.subject} is told twice"
        self.told[row.fact][row.subject] = None

    def check(self, record: Record) -> None:
        super().check(record)
        shipping = self.scenario.shipping
        if shipping.mark_shipped == "off":
            assert not self.told[Fact.MARKED_SHIPPED]
        if not shipping.tracking_mail:
            assert not self.told[Fact.TRACKING_SENT]
        if record.played.open_lives:
            return
        if shipping.mark_shipped != "off":
            marked = [s for s in self.left if not self.replaces(s)]
            assert len(marked) == len(self.told[Fact.MARKED_SHIPPED])
        if shipping.tracking_mail and shipping.tracking_mail_share == 1.0:
            assert len(self.left) == len(self.told[Fact.TRACKING_SENT])
