"""What is true of every purchase order, checked straight from the raw log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from sim.scenario.schema import Scenario, clock_s
from sim.scenario.schema.suppliers import Supplier
from tests.properties.laws import Laws
from tests.sim.engine.playing import Record, Row

DAY_S = 86_400.0
SMALL_S = 1e-6


def reorder_point(scenario: Scenario) -> int | None:
    """Return the position at which every SKU is bought, if the scenario gives it."""
    stock = scenario.stock
    if stock.policy == "base_stock":
        return None if stock.order_up_to is None else stock.order_up_to - 1
    return stock.reorder_point


def may_be_linked_anew(scenario: Scenario) -> bool:
    """Tell whether a line may wait for less than it needs, or for nothing, and be linked later."""
    stock, point = scenario.stock, reorder_point(scenario)
    return bool(
        stock.partial_receipt_share > 0.0
        or scenario.suppliers
        or stock.review == "periodic"
        or stock.max_outstanding is not None
        or (point is not None and point < 0)
    )


def check_purchases(record: Record) -> None:
    """Check every purchase order, its supplier's terms and its deliveries."""
    _Purchases(record).check(record)


class BoughtAt:
    """A SKU is bought when its position is at s or below, and then until it is above.

    Attributes
    ----------
    reserved, picked
        SKUs of which something was reserved or backordered, and picked, in this moment.
    not_low
        SKUs bought in this moment at a position above s, with that position.
    """

    def __init__(self, scenario: Scenario) -> None:
        stock = scenario.stock
        self.point = reorder_point(scenario)
        self.at_once = stock.review == "continuous" and stock.max_outstanding is None
        self.hurries = any(each.use == "emergency" for each in scenario.suppliers.values())
        self.reserved: set[int] = set()
        self.picked: set[int] = set()
        self.not_low: dict[int, int] = {}

    def check_purchase(self, sku: int, position: Callable[[int], int]) -> None:
        """Check a purchase just before it counts."""
        if self.point is not None and not self.hurries and position(sku) > self.point:
            self.not_low[sku] = position(sku)

    def sent_again(self, sku: int, units: int) -> None:
        """Goods are sent again: they were reserved, and perhaps bought, before that was told."""
        if sku in self.not_low:
            self.not_low[sku] -= units

    def moment_ends(self, position: Callable[[int], int]) -> None:
        """Check that enough has been bought. A pick of wrong units is seen at the next order."""
        if self.at_once and self.point is not None:
            for sku in sorted(self.reserved - self.picked):
                assert position(sku) > self.point, f"SKU {sku} is low and not bought"
        assert all(at <= (self.point or 0) for at in self.not_low.values()), (
            f"SKUs {sorted(self.not_low)} are bought and not low"
        )
        self.not_low.clear()
        self.reserved.clear()
        self.picked.clear()


class _Purchases(Laws):
    """What is bought comes, in one or two parts; what comes was bought, and came over the dock.

    A supplier's terms hold: minimum, packs, and deliveries that do not overtake each other.
    """

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.scenario = scenario = record.setting.scenario
        self.cost_cents = record.setting.catalogue.cost_cents.tolist()
        self.suppliers = list(scenario.suppliers.values())
        self.in_steps = scenario.inbound.process == "step_by_step"
        self.bought: dict[int, tuple[int, int]] = {}
        self.supplier: dict[int, int] = {}
        self.arrived: dict[int, list[int]] = {}
        self.came: dict[int, list[int]] = {}
        self.open: dict[int, set[int]] = defaultdict(set)
        self.arrived_now: set[int] = set()
        self.in_house: dict[int, tuple[int, int]] = {}
        self.on_the_shelf: list[tuple[int, int]] = []
        self.unnamed: int | None = None

    def on_purchased(self, row: Row) -> None:
        assert row.value == len(self.bought)
        assert row.other > 0
        assert self.unnamed is None
        number = len(self.bought)
        self.bought[number] = (row.subject, row.other)
        self.came[number], self.arrived[number] = [], []
        self.supplier[number] = 0
        if self.suppliers:
            self.unnamed = number
        else:
            self._regular(row, number)

    def on_supplied_by(self, row: Row) -> None:
        number = int(row.value)
        assert number == self.unnamed, "a supplier of what was not just bought"
        self.unnamed = None
        sku, units = self.bought[number]
        assert sku == row.subject
        self.supplier[number] = row.other
        supplier = self.suppliers[row.other]
        value_eur = units * self.cost_cents[sku] * supplier.price_factor / 100.0
        assert units >= supplier.min_order_units, "less than the least units"
        assert units % supplier.pack_units == 0, "a part of a pack"
        worth = value_eur >= supplier.min_order_eur - 1e-6 or self.cost_cents[sku] == 0
        assert worth, "less than the least value"
        if supplier.use == "regular":
            self._regular(row, number)

    def _regular(self, row: Row, number: int) -> None:
        """Regular purchase orders are few, and placed at reviews."""
        stock, sku = self.scenario.stock, row.subject
        if stock.max_outstanding is not None:
            assert len(self.open[sku]) < stock.max_outstanding, "too many on their way"
        self.open[sku].add(number)
        if stock.review == "periodic":
            since_s = row.time_s - clock_s(stock.review_time)
            assert since_s >= 0.0
            assert since_s % (stock.review_days * DAY_S) == 0.0, "bought between reviews"
        usual = not self.suppliers
        if stock.policy == "r_Q" and stock.order_quantity is not None and usual:
            assert self.bought[number][1] % stock.order_quantity == 0
            if stock.one_lot_per_order and not stock.classes:
                assert self.bought[number][1] == stock.order_quantity, "more than one lot"

    def on_goods_arrived(self, row: Row) -> None:
        assert self.suppliers, "arrivals are those of named suppliers"
        self._arrives(row.subject, row.other, int(row.value))

    def on_truck_arrived(self, row: Row) -> None:
        assert row.value in self.bought
        self.in_house[row.subject] = (int(row.value), row.other)

    def _arrives(self, sku: int, units: int, number: int) -> None:
        assert self.bought[number][0] == sku
        self.arrived[number].append(units)
        assert sum(self.arrived[number]) <= self.bought[number][1]
        self.arrived_now.add(number)

    def on_put_away(self, row: Row) -> None:
        self.on_the_shelf.append(self.in_house.pop(row.subject))

    def on_received(self, row: Row) -> None:
        number = int(row.value)
        sku, units = self.bought[number]
        assert row.subject == sku
        if self.in_steps:
            assert self.on_the_shelf.pop() == (number, row.other), "received without its delivery"
        parts = self.came[number]
        parts.append(row.other)
        if self.suppliers:
            assert sum(parts) <= sum(self.arrived[number]), "on the shelf before it arrived"
        elif not self.in_steps and self.scenario.stock.receive_s_per_order == 0.0:
            self._arrives(sku, row.other, number)
        if sum(parts) == units:
            assert len(parts) <= 2
            self.open[sku].discard(number)
            return
        assert self._partial_share(number) > 0.0, "a part of what comes in one go"
        assert len(parts) == 1
        first = min(max(round(units * self.scenario.stock.partial_first_share), 1), units - 1)
        assert row.other in (first, units - first)

    def _of(self, number: int) -> Supplier | None:
        return self.suppliers[self.supplier[number]] if self.suppliers else None

    def _partial_share(self, number: int) -> float:
        supplier, stock = self._of(number), self.scenario.stock
        own = supplier.partial_receipt_share if supplier else None
        return stock.partial_receipt_share if own is None else own

    def _crosses(self, number: int) -> bool:
        supplier, stock = self._of(number), self.scenario.stock
        own = supplier.orders_cross if supplier else None
        return stock.orders_cross if own is None else own

    def moment_ends(self) -> None:
        assert not self.on_the_shelf, "put away and not received"
        assert self.unnamed is None, "bought from nobody"
        for number in self.arrived_now:
            if self._crosses(number):
                continue
            sku, who = self.bought[number][0], self.supplier[number]
            for earlier in range(number):
                of, units = self.bought[earlier]
                if of == sku and self.supplier[earlier] == who:
                    assert sum(self.arrived[earlier]) == units, f"{number} overtook {earlier}"
        self.arrived_now.clear()
