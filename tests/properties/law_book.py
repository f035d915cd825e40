"""What is true in every run, checked straight from the raw log.

The checker reads the facts one by one and keeps its own accounts of stock, reservations, lines,
parcels and money. It shares no code with the model: only the order book, the catalogue and the
vocabulary of facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

from sim.log.facts import (
    OVERSALE,
    CancelReason,
    EntryFault,
    Fact,
    ReturnReason,
    ShortAnswer,
    SplitKind,
)
from sim.orders.book import FOUND_BY_SCAN, PICK_OMITTED, PICK_SOUND, PICK_WRONG_QUANTITY
from sim.scenario.schema import ROLES
from tests.properties.buying_laws import BoughtAt, may_be_linked_anew
from tests.properties.customer_laws import check_customers
from tests.properties.entry_laws import Entries
from tests.properties.goods_in_laws import check_goods_in
from tests.properties.packing_laws import AFTER_PACKING_FACT, check_packing
from tests.properties.payment_laws import check_payments
from tests.properties.people_laws import check_people_laws
from tests.properties.picking_laws import AFTER_PICKING_FACT, Goods, Picks, TourLaws
from tests.properties.record_laws import RecordLaws
from tests.properties.return_laws import check_returns
from tests.properties.shipping_laws import check_shipping, is_truck_time
from tests.properties.shown_stock import ShownStock
from tests.properties.stockout_laws import GONE_AT_THE_CLICK, StockoutLaws
from tests.sim.engine.playing import Record, Row

DAY_S = 86_400.0
SMALL_S = 1e-6
F = Fact

AFTER_ORDER_FACT: dict[Fact | None, tuple[Fact, ...]] = {
    None: (F.PLACED, F.LOST),
    F.LOST: (),
    F.PLACED: (F.PROMISED,),
    F.PROMISED: (F.HANDED_IN, F.ENTRY_STARTED, F.ENTRY_FAULT, F.ENTERED, F.CANCELLED),
    F.HANDED_IN: (F.ENTRY_STARTED, F.ENTRY_FAULT, F.ENTERED),
    F.ENTRY_STARTED: (F.ENTRY_FAULT, F.ENTERED),
    F.ENTRY_FAULT: (F.ENTRY_FAULT, F.ENTRY_FAULT_MENDED, F.ENTERED),
    F.ENTRY_FAULT_MENDED: (F.ENTRY_FAULT_MENDED, F.ENTERED),
    F.ENTERED: (F.PAYMENT_DECLINED, F.FRAUD_HELD, F.PAID),
    F.PAYMENT_DECLINED: (F.FRAUD_HELD, F.PAID, F.CANCELLED),
    F.FRAUD_HELD: (F.PAID, F.CANCELLED),
    F.PAID: (F.CANCELLED, F.FOLLOWED_UP),
    F.CANCELLED: (),
    F.FOLLOWED_UP: (),
}
AFTER_SHIPMENT_FACT: dict[Fact | None, tuple[Fact, ...]] = {
    None: (F.ALLOCATED, F.SENT_BY_SUPPLIER, F.VOID),
    F.ALLOCATED: (F.RELEASED,),
    **AFTER_PICKING_FACT,
    **AFTER_PACKING_FACT,
    F.LABEL_STARTED: (F.LABELLED,),
    F.LABELLED: (F.HANDED_OVER,),
    F.HANDED_OVER: (F.ADDRESS_CORRECTED, F.DELIVERED),
    F.ADDRESS_CORRECTED: (F.DELIVERED,),
    F.SENT_BY_SUPPLIER: (F.DELIVERED,),
    F.DELIVERED: (),
}
NO_TOUR = -1
WORK_STARTS = (
    F.ENTRY_STARTED,
    F.PACK_STARTED,
    F.LABEL_STARTED,
    F.INSPECT_STARTED,
    F.AUTHORISE_STARTED,
    F.REFURBISH_STARTED,
    F.TOUR_STARTED,
    F.COUNT_STARTED,
)


class LawBook:
    """Reads a log and raises AssertionError at the first fact that breaks a law."""

    def __init__(  # all that is kept, in one place
        self, record: Record, *, strict_reservations: bool = True
    ) -> None:
        self.record = record
        self.scenario = record.setting.scenario
        self.strict = strict_reservations and not self.scenario.stock.unlimited
        demand = record.book.demand
        self.orders = demand.orders
        self.lines_of = [list(range(a, b)) for a, b in pairwise(demand.first_line.tolist())]
        self.order_of = [order for order, lines in enumerate(self.lines_of) for _ in lines]
        self.sku: list[int] = demand.sku.tolist()
        self.units: list[int] = demand.units.tolist()
        self.price = demand.price_cents.tolist()
        self.loads_g: dict[int, list[float]] = defaultdict(list)
        self.now_s = 0.0
        self.row: Row
        self.number = 0
        # orders and lines
        self.order_at: dict[int, Fact] = {}
        self.ended: dict[int, str] = {}
        self.answer: dict[int, ShortAnswer] = {}
        self.typed_wrong: set[int] = set()
        self.arrived_wrong: dict[int, int] = {}
        self.delivered_s: dict[int, float] = {}
        # shipments
        self.shipment_at: dict[int, Fact] = {}
        self.shipment_of: dict[int, int] = {}
        self.kind: dict[int, int] = {}
        self.legs: dict[int, list[int]] = defaultdict(list)
        self.leg_of: dict[int, int] = {}
        self.split_now: dict[int, int] = {}
        self.to_supplier: dict[int, list[int]] = defaultdict(list)
        self.replaced_line: dict[int, tuple[int, int]] = {}  # exchanged ones too
        self.sent_in_exchange: dict[int, int] = {}
        self.not_replaced: set[int] = set()
        self.mended: dict[int, list[int]] = defaultdict(list)
        self.pick_code: dict[int, int] = {}
        self.taken: dict[int, int] = {}
        self.replacement_of: dict[int, int] = {}
        self.tours, self.picks, self.entries = TourLaws(record), Picks(), Entries()
        self._open_the_shelf()
        # money and returns
        self.paid_cents: dict[int, int] = {}
        self.captured: dict[int, int] = {}
        self.captured_line: dict[int, int] = {}
        self.must_capture: set[int] = set()
        self.refunded: dict[int, int] = {}
        self.coming_back: dict[int, int] = {}
        self.handlers: dict[Fact, Callable[[int, int, float], None]] = {
            fact: getattr(self, f"_{fact.name.lower()}")
            for fact in Fact
            if hasattr(self, f"_{fact.name.lower()}")
        }
        self.of_records = self.records.handlers()

    def _open_the_shelf(self) -> None:
        self.on_hand: dict[int, int] = {}
        self.reserved: dict[int, int] = defaultdict(int)
        self.held: dict[int, int] = defaultdict(int)
        self.pending: dict[int, list[int]] = {}
        self.must_be_short: set[int] = set()
        self.queue: dict[int, list[int]] = defaultdict(list)
        self.passed_over: set[int] = set()
        self.touched: set[int] = set()
        self.coming: dict[int, tuple[int, int]] = {}
        self.promised_from: dict[int, int] = {}
        self.stockouts = StockoutLaws(self.record)
        self.records = RecordLaws(self.scenario, self.on_hand)
        self.shown = ShownStock(self.record)
        self.bought_at = BoughtAt(self.scenario)

    def check(self) -> None:
        """Check every law."""
        handlers = self.handlers
        for number, row in enumerate(self.record.rows()):
            self.number, self.row = number, row
            assert row.time_s >= self.now_s, f"the clock goes back: {row}"
            if row.time_s > self.now_s:
                self._moment_ends()
                self.shown.time_passes(row.time_s, self._available, self.on_hand)
                self.now_s = row.time_s
            fact = row.fact
            self._lawful_order(fact, row.subject)
            self.records.next_fact(fact)
            if fact in self.of_records:
                self.of_records[fact](row.time_s, row.subject, row.other, row.value)
            handler = handlers.get(fact)
            if handler is not None:
                handler(row.subject, row.other, row.value)
        self._moment_ends()
        self.tours.check()
        self._orders_add_up()
        self._stock_adds_up()
        check_people(self.record)
        check_goods_in(self.record)
        check_shipping(self.record)
        check_people_laws(self.record)
        check_packing(self.record)
        check_returns(self.record)
        check_customers(self.record)
        check_payments(self.record)

    # --- facts follow each other as they must --------------------------------------------------

    def _lawful_order(self, fact: Fact, subject: int) -> None:
        at: dict[int, Fact]
        if fact in AFTER_ORDER_FACT:
            at, after = self.order_at, AFTER_ORDER_FACT
        elif fact in AFTER_SHIPMENT_FACT:
            at, after = self.shipment_at, AFTER_SHIPMENT_FACT
        else:
            return
        before = at.get(subject)
        assert fact in after[before], f"{fact.name} of {subject} after {before!r}"
        at[subject] = fact

    def _moment_ends(self) -> None:
        """No more is reserved than there is; nobody waits for what is there."""
        assert not self.must_be_short, f"lines {self.must_be_short} found no stock and no answer"
        assert not self.stockouts.must_be_replaced, (
            f"lines {self.stockouts.must_be_replaced} got no substitute"
        )
        assert not self.stockouts.slipped, (
            f"lines {self.stockouts.slipped} slipped, and nobody was told"
        )
        assert not self.must_capture, f"parcels {self.must_capture} left without their price"
        assert self.picks.lacking is None, "units are lacking and stand in the books"
        self.records.moment_ends()
        self.touched |= self.records.touched
        self.records.touched.clear()
        self.split_now.clear()
        self.to_supplier.clear()
        if not self.strict:
            return
        for sku in sorted(self.touched):
            kept, there = self.reserved[sku], self.on_hand[sku]
            assert kept >= 0
            self.records.may_exceed(sku, kept, there)
            for line in self.queue[sku][:1]:
                assert there - kept < self.units[line], f"line {line} waits for what is there"
                assert line not in self.passed_over, f"line {line} was passed over"
            if may_be_linked_anew(self.scenario):
                for line in self.queue[sku]:
                    purchase = self.promised_from[line]
                    assert purchase == -1 or purchase in self.coming, "promised what has come"
        self.bought_at.moment_ends(self._position)
        self.touched.clear()
        self.passed_over.clear()

    def _position(self, sku: int) -> int:
        """Return what is free on the shelf and what is on order, less what is backordered."""
        on_order = sum(units for of, units in self.coming.values() if of == sku)
        return self._available(sku) + on_order - sum(self.units[k] for k in self.queue[sku])

    # --- orders --------------------------------------------------------------------------------

    def _placed(self, order: int, channel: int, _: float) -> None:
        demand = self.record.book.demand
        assert abs(self.now_s - demand.placed_s[order]) < SMALL_S
        assert channel == demand.channel[order]

    def _entry_fault(self, order: int, line: int, kind: float) -> None:
        assert line == -1 or self.order_of[line] == order
        assert (line == -1) == (kind == EntryFault.WRONG_ADDRESS)
        if line == -1:
            self.entries.addresses.add(order)

    def _entry_fault_mended(self, order: int, line: int, work_s: float) -> None:
        assert work_s >= 0.0
        if line == -1:
            self.entries.addresses.remove(order)

    def _put_aside(self, shipment: int, lines: int, _: float) -> None:
        """A packer sees lines that are not as ordered; the others have passed the check."""
        assert lines > 0
        self.entries.aside[shipment] = lines

    def _entry_fault_found(self, line: int, back: int, _: float) -> None:
        """What was picked goes back on the shelf of what was typed, and nothing stays reserved."""
        shipment = self.leg_of[line]
        assert self.shipment_at[shipment] == F.PUT_ASIDE
        assert line in self.typed_wrong - self.entries.seen, "seen though typed right"
        assert self.record.book.luck.form_finds[line]
        assert self.scenario.entry.found_at_packing_share > 0.0
        assert back == self.taken.pop(line)
        del self.pick_code[line]
        self.entries.aside[shipment] -= 1
        self.entries.seen.add(line)
        self.picks.to_check[shipment].remove(line)
        self._move(self.sku[line], back)
        self._free(line)
        if not self.entries.aside[shipment]:  # all are named: the others have passed
            found = self.mended[shipment]
            for other in set(self.picks.to_check[shipment]).difference(found):
                self._free(other)
                self.picks.to_check[shipment].remove(other)

    def _typed_right(self, line: int, sku: int, units: float) -> None:
        """The line is as ordered again, and asked for in the stock; the price goes with it."""
        order = self.order_of[line]
        assert line in self.entries.seen - self.entries.righted
        assert (sku, units) == self.entries.form[line]
        assert self.entries.aside[self.leg_of[line]] == 0
        self.paid_cents[order] += self.price[line] * (int(units) - self.units[line])
        self.sku[line], self.units[line] = sku, int(units)
        self.typed_wrong.remove(line)
        self.entries.righted.add(line)
        if self._reserve(line):
            self._is_picked_anew(line)
        else:
            self.must_be_short.add(line)

    def _is_righted_now(self, line: int) -> bool:
        """Tell whether a line has just been put right, and is not on its way to the floor again."""
        shipment = self.leg_of.get(line, NO_TOUR)
        return line in self.entries.righted and self.shipment_at.get(shipment) == F.PUT_ASIDE

    def _is_picked_anew(self, line: int) -> None:
        self.mended[self.leg_of[line]].append(line)
        self.picks.to_check[self.leg_of[line]].append(line)

    def _address_corrected(self, shipment: int, order: int, _: float) -> None:
        assert self.shipment_of.get(shipment, shipment) == order
        assert order in self.entries.addresses, "a detour to the right door"
        self.entries.detours.add(shipment)

    def _typed_as(self, line: int, sku: int, units: float) -> None:
        assert line not in self.typed_wrong
        assert units >= 1
        assert (sku, units) != (self.sku[line], self.units[line]), "typed right"
        self.typed_wrong.add(line)
        self.entries.form[line] = self.sku[line], self.units[line]
        self.sku[line], self.units[line] = sku, int(units)

    def _entered(self, order: int, _: int, __: float) -> None:
        self.pending[order] = [line for line in self._kept(order) if not self._reserve(line)]

    def _paid(self, order: int, _: int, cents: float) -> None:
        assert cents == sum(self.price[line] * self.units[line] for line in self._kept(order))
        self.paid_cents[order] = int(cents)
        self.leg_of.update(dict.fromkeys(self._kept(order), order))
        self.must_be_short.update(
            line for line in self.pending.pop(order) if not self._reserve(line)
        )

    def _cancelled(self, order: int, _: int, reason: float) -> None:
        unpaid = reason in (CancelReason.PAYMENT, CancelReason.FRAUD)
        if unpaid and order not in self.paid_cents:
            for line in self._kept(order):
                self._end(line, "cancelled")
                self._free(line)
            return
        ends = {self.ended.get(line) for line in self.lines_of[order]}
        later = ends - {"turned away", "went elsewhere"}
        lawful = {"oversold", "given up", "lapsed"}
        assert later <= lawful, f"order {order} cancelled, lines {ends}"
        if reason == CancelReason.PAYMENT:
            assert "lapsed" in later
            assert self.shipment_at[order] == F.VOID
        elif "given up" in later:
            assert reason == CancelReason.PATIENCE
            assert self.shipment_at[order] == F.VOID
        elif later:
            assert reason == CancelReason.OVERSOLD
            assert "oversold" in later
        elif "turned away" in ends:
            assert reason == CancelReason.TURNED_AWAY
        else:
            assert reason == CancelReason.WENT_ELSEWHERE

    def _followed_up(self, order: int, _: int, __: float) -> None:
        after_s = self.scenario.follow_up.after_days * DAY_S
        assert self.now_s >= self.delivered_s[order] + after_s - SMALL_S

    def _kept(self, order: int) -> list[int]:
        return [line for line in self.lines_of[order] if line not in self.ended]

    def _end(self, line: int, how: str) -> None:
        assert line not in self.ended, f"line {line}: {self.ended[line]}, then {how}"
        self.ended[line] = how
        if how != "delivered":
            self._leaves(line)

    # --- stock ---------------------------------------------------------------------------------

    def _stock_opened(self, sku: int, units: int, _: float) -> None:
        assert sku not in self.on_hand
        assert units >= 0
        self.on_hand[sku] = units
        self.records.opened(sku, units)

    def _move(self, sku: int, units: int) -> None:
        if not self.scenario.stock.unlimited:
            self.on_hand[sku] += units
            self.touched.add(sku)
            assert self.on_hand[sku] >= 0, f"SKU {sku}: {self.on_hand[sku]} units in the books"
            self.records.moves(sku, units)

    def _available(self, sku: int) -> int:
        return self.on_hand[sku] - self.reserved[sku]

    def _reserve(self, line: int, *, before_all: bool = False) -> bool:
        """Reserve a line if it is there in full, and nobody is overtaken who must not be."""
        if self.scenario.stock.unlimited:
            return True
        sku, units = self.sku[line], self.units[line]
        if self._available(sku) < units or not (before_all or self._is_its_turn(sku)):
            return False
        self._hold(line, sku, units)
        self.bought_at.reserved.add(sku)
        return True

    def _hold(self, line: int, sku: int, units: int) -> None:
        if not self.scenario.stock.unlimited:
            self.reserved[sku] += units
            self.held[line] += units
            self.touched.add(sku)

    def _free(self, line: int) -> None:
        self._hold(line, self.sku[line], -self.held[line])

    def _is_its_turn(self, sku: int) -> bool:
        """Tell whether a new line may have what lies there."""
        return not (self.scenario.allocation.no_overtaking and self.queue[sku])

    def _looks_out(self, line: int) -> bool:
        """Tell whether the click shows a line as out of stock, by the figure of its channel.

        What earlier lines of the order ask for is no longer there.
        """
        sku, order, asked = self.sku[line], self.order_of[line], 0
        figure = self.shown.units(order, sku, self._available)
        for each in self.lines_of[order]:
            short = figure < asked + self.units[each]
            if each == line:
                return short or not self._is_its_turn(sku)
            if self.sku[each] == sku and not short:
                asked += self.units[each]
        raise AssertionError(f"line {line} is not in its order")

    def _short(self, line: int, units: int, code: float) -> None:
        kind = ShortAnswer(int(code) % OVERSALE)
        order, sku = self.order_of[line], self.sku[line]
        assert units == self.units[line]
        righted = self._is_righted_now(line)
        at_the_pick = righted or line in self.picks.short_picked
        replaced = self.answer.get(line) == ShortAnswer.SUBSTITUTE
        assert at_the_pick or replaced or line not in self.answer
        assert not (righted and kind == ShortAnswer.SUBSTITUTE), "the customer wants this SKU"
        self.answer[line] = kind
        if self.order_at[order] == F.PROMISED:
            self._short_at_the_click(line, kind, code)
            return
        assert self.order_at[order] == F.PAID
        assert line in self.must_be_short, "an answer to what is there"
        before_all = at_the_pick and not righted
        there = self._available(sku) >= units and (before_all or self._is_its_turn(sku))
        assert not (self.strict and there), "an answer to what is there"
        self.must_be_short.remove(line)
        oversale = code >= OVERSALE or (kind == ShortAnswer.OVERSOLD and not at_the_pick)
        assert not (oversale and at_the_pick)
        typed_wrong = line in self.typed_wrong  # as a SKU with another answer
        cancelled_as_typed = typed_wrong and kind == ShortAnswer.OVERSOLD
        if order in self.stockouts.known and not (at_the_pick or cancelled_as_typed):
            assert oversale == (line not in self.stockouts.shown_out), (
                "an oversale is what was shown"
            )
        lawful = self.stockouts.when_sold(sku, oversale=oversale, at_the_pick=at_the_pick)
        assert kind in lawful, f"{kind.name} is none of {lawful}"
        if kind == ShortAnswer.OVERSOLD:
            self._end(line, "oversold")
        elif kind == ShortAnswer.DROPSHIP:
            self.to_supplier[order].append(line)
        elif kind == ShortAnswer.SUBSTITUTE:
            self.stockouts.must_be_replaced[line] = sku
        else:
            self._waits(line, kind, at_the_pick=at_the_pick)

    def _short_at_the_click(self, line: int, kind: ShortAnswer, code: float) -> None:
        assert code == kind, "an oversale at the click"
        assert kind in self.stockouts.at_the_click(self.sku[line])
        if self.order_of[line] in self.stockouts.known:
            assert line in self.stockouts.shown_out, "turned away what is there"
        if kind == ShortAnswer.SUBSTITUTE:
            self.stockouts.must_be_replaced[line] = self.sku[line]
        else:
            self._end(line, GONE_AT_THE_CLICK[kind])

    def _substituted(self, line: int, sku: int, cents: float) -> None:
        """Another SKU of the category takes the place, at the lower of both prices."""
        before = self.stockouts.must_be_replaced.pop(line)
        assert sku != before
        assert self.stockouts.same_category(sku, before)
        assert cents == self.stockouts.price(sku, self.price[line])
        others = [self.sku[other] for other in self._kept(self.order_of[line])]
        assert sku not in others, "asked for already"
        self.sku[line], self.price[line] = sku, int(cents)
        self.stockouts.shown_out.discard(line)
        order = self.order_of[line]
        if self.order_at[order] != F.PROMISED:
            assert self._reserve(line), "a substitute that is not there"
        elif order in self.stockouts.known:
            shown = self.shown.units(order, sku, self._available)
            assert shown >= self.units[line], "a substitute that is not shown"
            assert self._is_its_turn(sku)

    def _waits(self, line: int, kind: ShortAnswer, *, at_the_pick: bool) -> None:
        """A line joins the queue of its SKU: it follows in a leg of its own, or all wait for it."""
        order, sku = self.order_of[line], self.sku[line]
        splits = self.stockouts.splits(sku)
        if at_the_pick:
            follows = kind == ShortAnswer.FOLLOWS
            assert follows == (splits and len(self._lines(self.leg_of[line])) > 1)
        else:
            follows = kind == ShortAnswer.BACKORDER and order in self.split_now
            assert follows <= splits
            assert (kind == ShortAnswer.HOLDS) <= (order in self.split_now and not splits)
        if follows:
            self._moves(line, self.split_now[order])
        elif self._is_righted_now(line):
            self._is_picked_anew(line)
        place = len(self.queue[sku])
        if self.scenario.allocation.rule == "priority":
            while place and self._rank(self.queue[sku][place - 1]) > self._rank(line):
                place -= 1
        self.queue[sku].insert(place, line)
        self.bought_at.reserved.add(sku)
        self.promised_from.pop(line, None)
        self.stockouts.may_be_told.add(line)
        self.touched.add(sku)

    def _channel(self, line: int) -> int:
        return int(self.record.book.demand.channel[self.order_of[line]])

    def _rank(self, line: int) -> int:
        name = self.record.book.demand.channels[self._channel(line)]
        return self.scenario.orders.channels[name].priority

    def _shrunk(self, sku: int, units: int, _: float) -> None:
        """What a place lacks leaves the books; the line is asked for again before all others."""
        assert self.picks.lacking is not None, "stock that nobody missed"
        line, lacking = self.picks.lacking
        self.picks.lacking = None
        assert (sku, units) == (self.sku[line], lacking)
        self._move(sku, -units)
        if not self._reserve(line, before_all=True):
            self.must_be_short.add(line)

    def _backorder_filled(self, line: int, units: int, _: float) -> None:
        sku = self.sku[line]
        assert units == self.units[line]
        before = self.queue[sku][: self.queue[sku].index(line)]
        if self.scenario.allocation.rule == "fair_share":
            channels = [self._channel(other) for other in before]
            assert self._channel(line) not in channels, "passed over in its channel"
        else:
            self.passed_over.update(before)
        self._no_longer_waits(line)
        self._hold(line, sku, units)

    def _backorder_promised(self, line: int, purchase: int, truck_s: float) -> None:
        assert line in self.queue[self.sku[line]]
        assert truck_s >= self.now_s
        assert self.promised_from.get(line, purchase) == purchase, "told of another purchase"
        self.stockouts.may_be_told.remove(line)  # on backorder now, slipped now, or linked anew
        if line in self.stockouts.slipped:
            assert truck_s > self.now_s, "told a date that is over"
            self.stockouts.slipped.remove(line)
        self.stockouts.told_s[line] = truck_s
        self._promise(line, purchase)

    def _backorder_slipped(self, line: int, _: int, truck_s: float) -> None:
        """The truck told last leaves now, and the line still waits."""
        assert self.scenario.stockouts.repromise
        assert line in self.queue[self.sku[line]]
        assert truck_s == self.stockouts.told_s[line]
        assert abs(self.now_s - truck_s) < SMALL_S
        self.promised_from.pop(line)
        self.stockouts.slipped.add(line)
        self.stockouts.may_be_told.add(line)

    def _no_longer_waits(self, line: int) -> None:
        self.queue[self.sku[line]].remove(line)
        if self.scenario.stockouts.repromise:
            assert self.stockouts.told_s[line] >= self.now_s - SMALL_S, "nobody heard that it slips"

    def _backorder_relinked(self, line: int, purchase: int, due_s: float) -> None:
        assert may_be_linked_anew(self.scenario)
        assert line in self.queue[self.sku[line]]
        assert due_s >= self.now_s
        self.stockouts.may_be_told.add(line)
        self._promise(line, purchase)

    def _promise(self, line: int, purchase: int) -> None:
        assert purchase == -1 or self.coming[purchase][0] == self.sku[line]
        self.promised_from[line] = purchase

    def _backorder_cancelled(self, line: int, units: int, _: float) -> None:
        assert units == self.units[line]
        self._no_longer_waits(line)
        self.stockouts.slipped.discard(line)
        self.touched.add(self.sku[line])
        self.picks.in_vain.add(self.leg_of[line])
        self._end(line, "given up")

    def _payment_lapsed(self, line: int, units: int, _: float) -> None:
        assert units == self.units[line]
        assert self.leg_of[line] not in self.shipment_at, "given up on the floor"
        self._free(line)
        self._end(line, "lapsed")

    def _purchased(self, sku: int, units: int, number: float) -> None:
        assert units > 0
        assert int(number) not in self.coming
        if self.strict:
            self.bought_at.check_purchase(sku, self._position)
        self.coming[int(number)] = (sku, units)

    def _received(self, sku: int, units: int, number: float) -> None:
        of, bought = self.coming.pop(int(number))
        assert sku == of
        assert 0 < units <= bought
        if units < bought:
            self.coming[int(number)] = (sku, bought - units)
        self._move(sku, units)
        self.records.brought(sku, units, returned=False)

    def _stock_closed(self, sku: int, units: int, _: float) -> None:
        due = self.records.in_house(sku)
        assert units == due, f"SKU {sku}: {units} counted, {due} due"

    # --- shipments -----------------------------------------------------------------------------

    def _split(self, shipment: int, order: int, kind: float) -> None:
        assert shipment >= self.orders
        assert shipment not in self.shipment_of
        self.shipment_of[shipment] = order
        self.kind[shipment] = int(kind)
        if kind == SplitKind.BACKORDER:
            self.split_now[order] = shipment
        elif kind == SplitKind.DROPSHIP:
            for line in self.to_supplier.pop(order):
                self._moves(line, shipment)

    def _moves(self, line: int, shipment: int) -> None:
        """A line goes on in another shipment of its order."""
        self._leaves(line)
        self.leg_of[line] = shipment

    def _leaves(self, line: int) -> None:
        """A line is no longer asked of its shipment."""
        shipment = self.leg_of.get(line, -1)
        for lines in (self.picks.to_check.get(shipment, []), self.picks.unpicked.get(shipment, [])):
            if line in lines:
                lines.remove(line)
                if line in self.mended[shipment]:
                    self.mended[shipment].remove(line)

    def _lines(self, shipment: int) -> list[int]:
        """Return the lines that travel in a shipment."""
        if shipment in self.replaced_line:
            return [] if shipment in self.not_replaced else [self.replaced_line[shipment][0]]
        order = self.shipment_of.get(shipment, shipment)
        return [line for line in self._kept(order) if self.leg_of[line] == shipment]

    def _begins(self, shipment: int) -> None:
        order = self.shipment_of.get(shipment, shipment)
        assert self.order_at[order] in (F.PAID, F.FOLLOWED_UP), "shipped before it is paid"
        self.legs[order].append(shipment)
        lines = self._lines(shipment)
        assert lines, f"shipment {shipment} without lines"
        self.picks.carried_by.update(dict.fromkeys(lines, shipment))
        self._asks_for(shipment, lines)

    def _asks_for(self, shipment: int, lines: list[int]) -> None:
        self.picks.to_check[shipment], self.picks.unpicked[shipment] = list(lines), list(lines)

    def _allocated(self, shipment: int, _: int, __: float) -> None:
        self._begins(shipment)
        if self.strict and shipment not in self.replaced_line:
            for line in self.picks.unpicked[shipment]:
                assert self.held[line] == self.units[line], f"line {line} is not reserved"

    def _void(self, shipment: int, _: int, __: float) -> None:
        assert not self._lines(shipment), "given up although something of it is wanted"

    # --- picking -------------------------------------------------------------------------------

    def _released(self, shipment: int, _: int, __: float) -> None:
        if self.scenario.release.policy == "interval":
            waves = self.now_s / (self.scenario.release.interval_min * 60.0)
            assert abs(waves - round(waves)) < SMALL_S, f"shipment {shipment} between the waves"
        self._pass_begins(shipment)

    def _rejoined(self, shipment: int, _: int, __: float) -> None:
        if self.tours.passes_on(shipment, self.row, self.number):
            return
        self.picks.in_vain.discard(shipment)
        if self.picks.unpicked[shipment]:
            self._pass_begins(shipment)

    def _pass_begins(self, shipment: int) -> None:
        self.tours.pass_begins(
            shipment,
            [self._goods(shipment, line) for line in self.picks.unpicked[shipment]],
            [self._goods(shipment, line) for line in self._lines(shipment)],
            self._urgency(shipment),
            self.row,
            self.number,
        )

    def _goods(self, shipment: int, line: int) -> Goods:
        return Goods(line, self._sku(shipment, line), self._wanted(shipment, line))

    def _sku(self, shipment: int, line: int) -> int:
        return self.sent_in_exchange.get(shipment, self.sku[line])

    def _urgency(self, shipment: int) -> float:
        """Return what says who goes first: the smaller, the earlier."""
        order = self.shipment_of.get(shipment, shipment)
        demand = self.record.book.demand
        channel = self.scenario.orders.channels[demand.channels[demand.channel[order]]]
        if self.scenario.picking.sequence in ("first_come", "shortest_first"):
            return 0.0  # by work: the laws of tours know what each part asks for
        if self.scenario.picking.sequence == "priority":
            return channel.priority
        at_once = self.scenario.shipping.services[channel.service].continuous
        return float(demand.placed_s[order]) if at_once else self.picks.promised_truck_s[order]

    def _promised(self, order: int, truck_s: int, _: float) -> None:
        if self.strict and self.shown.is_known(order):
            self.stockouts.known.add(order)
            self.stockouts.shown_out.update(filter(self._looks_out, self.lines_of[order]))
        self.picks.promised_truck_s[order] = truck_s

    def _tour_started(self, _: int, __: int, ___: float) -> None:
        self.tours.started(self.row, self.number)

    def _pick_started(self, shipment: int, tour: int, _: float) -> None:
        nothing_left = not self.picks.unpicked[shipment]
        assert nothing_left == (tour == NO_TOUR)
        self.picks.tour_of[shipment], self.picks.pick_started_s[shipment] = tour, self.now_s

    def _tour_ended(self, _: int, __: int, ___: float) -> None:
        self.tours.ended(self.row)

    def _aisle_blocked(self, _: int, __: int, ___: float) -> None:
        self.tours.blocked(self.row)

    def _scan_caught(self, line: int, _: int, code: float) -> None:
        assert int(code) in FOUND_BY_SCAN[self.scenario.picking.scan.of]
        assert self.shipment_at[self.picks.carried_by[line]] == F.PICK_STARTED
        assert line not in self.picks.scanned
        self.picks.scanned.add(line)

    def _short_picked(self, line: int, lacking: int, _: float) -> None:
        """A place lacks units: nothing is taken, and the reservation ends."""
        shipment = self.picks.carried_by[line]
        if self.records.apart:
            self._short_by_the_books(shipment, line, lacking)
            return
        assert self.scenario.picking.short_picks.share_of_lines > 0.0
        assert line not in self.picks.short_picked, "a place is found short twice by one line"
        assert line in self.picks.unpicked[shipment]
        assert self.shipment_at[shipment] == F.PICK_STARTED
        assert 1 <= lacking <= self.units[line]
        assert self.picks.lacking is None
        self.picks.short_picked.add(line)
        self.picks.lacking = (line, lacking)
        self.tours.tried(line, 0)
        self._free(line)

    def _short_by_the_books(self, shipment: int, line: int, lacking: int) -> None:
        """The books were wrong: the line is tried in full, and answered at once or given up."""
        wanted = self._wanted(shipment, line)
        assert line in self.picks.unpicked[shipment]
        assert self.shipment_at[shipment] == F.PICK_STARTED
        assert 1 <= lacking <= wanted
        sku = self._sku(shipment, line)
        self.records.found_short(sku, wanted, lacking)
        self.tours.tried(line, wanted)
        self.tours.found_short()
        self._hold(line, sku, -self.held[line])
        if shipment in self.replaced_line:
            self._leaves(line)
            for lines in (self.picks.to_check[shipment], self.picks.unpicked[shipment]):
                lines.clear()
            self.not_replaced.add(shipment)
            return
        self.picks.short_picked.add(line)
        self.must_be_short.add(line)
        for before_it_was_put_back in (self.pick_code, self.taken):
            before_it_was_put_back.pop(line, None)

    def _line_picked(self, line: int, taken: int, code: float) -> None:
        shipment = self.picks.carried_by[line]
        assert self.shipment_at[shipment] == F.PICK_STARTED
        self.picks.unpicked[shipment].remove(line)  # once, and only if it is asked for
        self.bought_at.picked.add(self._sku(shipment, line))
        self.tours.tried(line, self._wanted(shipment, line))
        self.taken[line], self.pick_code[line] = taken, int(code)
        if line in self.picks.scanned:
            assert code == PICK_SOUND, "put right on the spot and wrong all the same"
            assert self.tours.last is not None
            self.tours.last.mended += 1
            self.picks.scanned.remove(line)
        wanted = self._wanted(shipment, line)
        if code == PICK_OMITTED:
            assert taken == 0
        elif code == PICK_WRONG_QUANTITY:
            assert taken in ((wanted - 1,) if wanted > 1 else (0, 2))
        else:
            assert taken == wanted
        sku = self._sku(shipment, line)
        self._move(sku, -taken)
        self._hold(line, sku, -min(taken, wanted))

    def _zones_joined(self, shipment: int, zones: int, later_s: float) -> None:
        """All zones are done: what took longest began so much later than the first one."""
        assert self.scenario.picking.method == "parallel_zones"
        assert zones == self.tours.zones_of_pass[shipment]
        assert self.tours.last is not None
        assert 0.0 <= later_s <= self.now_s - self.picks.pick_started_s[shipment]
        since_s = self.tours.last.started_s - self.picks.pick_started_s[shipment]
        assert abs(later_s - since_s) < SMALL_S
        rules = self.scenario.picking.zones
        work = rules.consolidate_s_per_zone + rules.consolidate_s_per_line
        self.picks.to_sort[shipment] |= zones > 1 and work > 0.0

    def _part_picked(self, shipment: int, tour: int, walk_s: float) -> None:
        self._dropped_off(shipment, tour, walk_s)
        to_come = self.picks.unpicked[shipment] or shipment in self.picks.in_vain
        assert to_come or not self._lines(shipment), "nothing is to come"

    def _picked(self, shipment: int, tour: int, walk_s: float) -> None:
        left = self.picks.unpicked[shipment]
        assert not left, f"shipment {shipment}: lines {left} are not picked"
        self.picks.picked_s[shipment] = self.now_s
        if tour == NO_TOUR:
            assert (self.picks.tour_of[shipment], walk_s) == (NO_TOUR, 0.0)
        else:
            self._dropped_off(shipment, tour, walk_s)

    def _dropped_off(self, shipment: int, tour: int, walk_s: float) -> None:
        last, picking = self.tours.last, self.scenario.picking
        assert last is self.tours.tours[tour], "picked on a tour that ended before"
        on_cart = [part.shipment for part in last.parts]
        assert shipment in on_cart or self.tours.in_vain
        assert picking.method == "parallel_zones" or tour == self.picks.tour_of[shipment]
        self.tours.walked(last, walk_s)
        work = picking.sorting == "after" and picking.sort_s_per_line > 0.0
        self.picks.to_sort[shipment] |= work and last.orders > 1

    def _consolidated(self, shipment: int, _: int, after_s: float) -> None:
        assert self.picks.to_sort.pop(shipment), "sorted without need"
        assert abs(after_s - (self.now_s - self.picks.picked_s[shipment])) < SMALL_S

    def _pack_started(self, shipment: int, _: int, __: float) -> None:
        assert not self.picks.unpicked[shipment]
        assert not self.picks.to_sort[shipment], "packed before it was sorted"

    def _wanted(self, shipment: int, line: int) -> int:
        replaced = self.replaced_line.get(shipment)
        return replaced[1] if replaced else self.units[line]

    def _line_mended(self, line: int, taken: int, code: float) -> None:
        assert code != PICK_SOUND
        assert (taken, code) == (self.taken[line], self.pick_code[line])
        self.mended[self.picks.carried_by[line]].append(line)
        self._move(self.sku[line], taken)
        self._hold(line, self.sku[line], min(taken, self.units[line]))

    def _rework(self, shipment: int, _: int, __: float) -> None:
        again = self._checked(shipment)
        assert again, "picked again without a mistake"
        self._asks_for(shipment, again)
        self._pass_begins(shipment)

    def _packed(self, shipment: int, _: int, __: float) -> None:
        assert not self._checked(shipment), "packed with a mistake that was found"

    def _box_out(self, shipment: int, _: int, __: float) -> None:
        # a shipment that waits for its box has been checked
        assert not self._checked(shipment), "boxed with a mistake that was found"

    def _checked(self, shipment: int) -> list[int]:
        """End what is reserved for the lines that passed; return the others."""
        found = self.mended.pop(shipment, [])
        passed = [line for line in self.picks.to_check[shipment] if line not in found]
        assert len(passed) + len(found) == len(self.picks.to_check[shipment])
        for line in passed:
            self._free(line)
        return found

    def _handed_over(self, shipment: int, service: int, billed_g: float) -> None:
        if shipment not in self.replaced_line:
            self.must_capture.add(shipment)
        assert billed_g > 0.0
        name = list(self.scenario.shipping.services)[service]
        carrier = self.scenario.shipping.services[name]
        order = self.shipment_of.get(shipment, shipment)
        demand = self.record.book.demand
        channel = self.scenario.orders.channels[demand.channels[demand.channel[order]]]
        assert channel.service == name
        if not carrier.continuous:
            assert is_truck_time(self.scenario, carrier, self.now_s)
        weights_g = self.record.setting.catalogue.weight_g
        goods = [self._goods(shipment, line) for line in self._lines(shipment)]
        goods_g = sum(float(weights_g[sku]) * units for _, sku, units in goods)
        self.loads_g[service].append(goods_g)

    def _truck_left(self, service: int, _: int, __: float) -> None:
        """A truck carries no more than it is allowed to, but for a single shipment."""
        loads_g = self.loads_g.pop(service, [])
        capacity_kg = list(self.scenario.shipping.services.values())[service].truck_capacity_kg
        if capacity_kg is not None and len(loads_g) > 1:
            assert sum(loads_g) <= capacity_kg * 1000.0 * (1.0 + 1e-9), "a truck is too heavy"

    def _sent_by_supplier(self, shipment: int, _: int, __: float) -> None:
        self._begins(shipment)
        self.entries.from_supplier.add(shipment)
        self.must_capture.add(shipment)
        for line in self.picks.unpicked[shipment]:
            assert self.answer[line] == ShortAnswer.DROPSHIP

    def _delivered(self, shipment: int, _: int, __: float) -> None:
        order = self.shipment_of.get(shipment, shipment)
        detour = order in self.entries.addresses and shipment not in self.entries.from_supplier
        assert detour == (shipment in self.entries.detours)
        if shipment not in self.replaced_line:
            self.delivered_s[order] = self.now_s
            for line in self._lines(shipment):
                self._end(line, "delivered")

    def _line_arrived_wrong(self, line: int, taken: int, cause: float) -> None:
        assert self.ended[line] == "delivered"
        assert line not in self.arrived_wrong
        assert taken == self.taken.get(line, self.units[line])
        code = self.pick_code.get(line, PICK_SOUND)
        assert code in (PICK_SOUND, cause), "another mistake than that of the pick"
        self.arrived_wrong[line] = int(cause)

    # --- money and returns ---------------------------------------------------------------------

    def _captured(self, order: int, shipment: int, cents: float) -> None:
        assert self.shipment_at[shipment] in (F.HANDED_OVER, F.SENT_BY_SUPPLIER)
        assert self.shipment_of.get(shipment, shipment) == order
        assert shipment not in self.replaced_line, "a replacement is free"
        assert shipment not in self.captured, "captured twice"
        self.must_capture.remove(shipment)
        self.captured[shipment] = int(cents)
        for line in self._lines(shipment):
            self.captured_line[line] = self.price[line] * self.units[line]
            cents -= self.captured_line[line]
        assert cents == 0

    def _invoiced(self, order: int, shipment: int, cents: float) -> None:
        self._captured(order, shipment, cents)

    def _return_asked(self, line: int, units: int, reason: float) -> None:
        assert self.ended.get(line) == "delivered", "a return of what never came"
        assert (reason >= ReturnReason.WRONG_ITEM) == (line in self.arrived_wrong)
        self.coming_back[line] = units

    def _return_received(self, line: int, units: int, _: float) -> None:
        assert units == self.coming_back[line] > 0

    def _restocked(self, line: int, units: int, _: float) -> None:
        assert units == self.coming_back[line]
        self._move(self.sku[line], units)
        self.records.brought(self.sku[line], units, returned=True)

    def _refunded(self, line: int, order: int, cents: float) -> None:
        assert self.order_of[line] == order
        assert 0 <= cents <= self.captured_line[line], "more refunded than captured"
        assert line not in self.refunded, "refunded twice"
        replaced_by = self.replacement_of.get(line)
        assert replaced_by is None or replaced_by in self.not_replaced, "refunded and replaced"
        self.refunded[line] = int(cents)

    def _replaced(self, line: int, shipment: int, _: float) -> None:
        assert self.kind[shipment] == SplitKind.REPLACEMENT
        assert line in self.arrived_wrong
        taken = self.taken.get(line, self.units[line])
        units = max(0, self.units[line] - taken) or self.units[line]
        self.replaced_line[shipment] = (line, units)
        self.replacement_of[line] = shipment
        self.bought_at.sent_again(self.sku[line], units)
        self._hold(line, self.sku[line], units)

    def _exchanged(self, line: int, shipment: int, sku: float) -> None:
        """The next SKU of the category that is there is kept for the customer."""
        assert self.kind[shipment] == SplitKind.EXCHANGE
        units, sent = self.coming_back[line], int(sku)
        category = self.record.setting.catalogue.category
        kin = [k for k in range(len(category)) if category[k] == category[self.sku[line]]]
        place = kin.index(self.sku[line])
        nearer = (kin[place + 1 :] + kin[: place + 1])[: (kin.index(sent) - place - 1) % len(kin)]
        if not self.scenario.stock.unlimited:
            there = [k for k in (*nearer, sent) if self._available(k) >= units]
            there = [k for k in there if self._is_its_turn(k)]
            assert there == [sent], "a nearer one is there, or what is not there is promised"
        self.replaced_line[shipment] = (line, units)
        self.sent_in_exchange[shipment] = sent
        self.replacement_of[line] = shipment
        self.bought_at.sent_again(sent, units)
        self._hold(line, sent, units)

    # --- at the end ----------------------------------------------------------------------------

    def _orders_add_up(self) -> None:
        """Orders placed = delivered + cancelled + open, and so their lines and units."""
        drained = self.record.played.open_lives == 0
        open_orders = 0
        assert len(self.order_at) == self.orders, "an order was neither placed nor lost"
        for order, last in self.order_at.items():
            ends = [self.ended.get(line) for line in self.lines_of[order]]
            if last == F.LOST:
                assert set(ends) == {None}
            elif last == F.CANCELLED:
                assert None not in ends
                assert "delivered" not in ends
                assert all(self.shipment_at[leg] == F.VOID for leg in self.legs[order])
            elif None in ends:
                open_orders += 1
            else:
                assert order in self.shipment_at
                assert "delivered" in ends
                assert order in self.delivered_s
            captured = sum(self.captured.get(leg, 0) for leg in self.legs.get(order, ()))
            refunds = sum(self.refunded.get(line, 0) for line in self.lines_of[order])
            assert refunds <= captured <= self.paid_cents.get(order, 0)
        if drained:
            assert open_orders == 0
            assert all(at in (F.DELIVERED, F.VOID) for at in self.shipment_at.values())
            assert set(self.shipment_of) <= set(self.shipment_at), "a shipment without an end"
            assert all(tour.ended_s is not None for tour in self.tours.tours.values())
            assert not self.tours.waiting_for
            given_back = {self.replaced_line[shipment][0] for shipment in self.not_replaced}
            assert given_back <= set(self.refunded), "neither replaced nor refunded"
            assert not self.records.excess or max(self.records.excess.values()) <= 0
        for line, code in self.pick_code.items():
            if code != PICK_SOUND and self.ended.get(line) == "delivered":
                assert line in self.arrived_wrong, "a mistake was lost on the way"

    def _stock_adds_up(self) -> None:
        """All reservations end with the last order; nothing is received that was not bought."""
        if self.record.played.open_lives == 0 and self.strict:
            assert not any(self.reserved.values())
            assert not any(self.held.values())
            assert not any(self.queue.values())


def check_people(record: Record) -> None:
    """Paid = busy + break + idle for each person: spans lie inside duty and never overlap."""
    duty: dict[int, list[list[float]]] = defaultdict(list)
    spans: dict[int, list[tuple[float, float]]] = defaultdict(list)
    role_of: dict[int, int] = {}
    on_break: dict[int, float] = {}
    also = {
        ROLES.index(role): [ROLES.index(other) for other in others]
        for role, others in record.setting.scenario.people.cross_training.items()
    }
    starts: list[tuple[float, int]] = []
    for time_s, fact, person, other, value in record.rows(
        F.ON_DUTY, F.OFF_DUTY, F.BREAK_STARTED, F.BREAK_ENDED, F.WORKED, *WORK_STARTS
    ):
        if fact == F.ON_DUTY:
            assert not duty[person] or len(duty[person][-1]) == 2, f"{person} came twice"
            duty[person].append([time_s])
            assert role_of.setdefault(person, other) == other
        elif fact == F.OFF_DUTY:
            assert 0.0 <= value <= time_s - duty[person][-1][0] + SMALL_S
            duty[person][-1].append(time_s)
        elif fact == F.BREAK_STARTED:
            assert person not in on_break
            on_break[person] = time_s
        elif fact == F.BREAK_ENDED:
            spans[person].append((on_break.pop(person), time_s))
        elif fact == F.WORKED:
            assert other in (role_of[person], *also.get(role_of[person], ()))
            assert value >= 0.0
            spans[person].append((time_s - value, time_s))
        elif other >= 0:  # the start of some work: `other` is the person
            starts.append((time_s, other))
    assert not on_break
    for person, busy in spans.items():
        _check_spans(person, sorted(busy), duty[person])
    for time_s, person in starts:
        assert any(begin - SMALL_S <= time_s <= end + SMALL_S for begin, end in spans[person]), (
            f"{person} starts at {time_s} and does no work"
        )


def _check_spans(person: int, busy: list[tuple[float, float]], duty: list[list[float]]) -> None:
    for (_, end), (begin, _) in pairwise(busy):
        assert begin >= end - SMALL_S, f"person {person} does two things at {begin}"
    for before, after in pairwise(duty):
        assert before[1] <= after[0], f"person {person} is paid twice at {after[0]}"
    paid = sum(end - begin for begin, end in duty)
    used = sum(end - begin for begin, end in busy)
    inside = sum(
        max(0.0, min(end, off) - max(begin, on)) for begin, end in busy for on, off in duty
    )
    assert abs(used - inside) < 1e-3, f"person {person} is busy or on break outside paid time"
    assert used <= paid + 1e-3
