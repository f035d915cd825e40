"""What is true of every return: goods come back once at most, customers get their due once."""

from __future__ import annotations

from collections.abc import Mapping

from sim.log.facts import Fact, Refusal, ReturnReason
from tests.properties.laws import Laws
from tests.sim.engine.playing import Record, Row

DAY_S = 86_400.0
SMALL_S = 1e-6
F = Fact

AFTER_RETURN_FACT: Mapping[Fact | None, tuple[Fact, ...]] = {
    None: (F.RETURN_ASKED,),
    F.RETURN_ASKED: (
        *(F.AUTHORISE_STARTED, F.RETURN_REFUSED, F.RETURN_SCANNED),
        *(F.RETURN_RECEIVED, F.RETURN_NEVER_CAME),
    ),
    F.AUTHORISE_STARTED: (F.RETURN_AUTHORISED, F.RETURN_REFUSED),
    F.RETURN_AUTHORISED: (F.RETURN_SCANNED, F.RETURN_RECEIVED, F.RETURN_NEVER_CAME),
    F.RETURN_SCANNED: (F.RETURN_RECEIVED,),
    F.RETURN_RECEIVED: (F.INSPECT_STARTED,),
    F.INSPECT_STARTED: (F.RESTOCKED, F.ON_CART, F.SCRAPPED, F.REFURBISH_STARTED),
    F.REFURBISH_STARTED: (F.REFURBISHED,),
    F.REFURBISHED: (F.RESTOCKED, F.ON_CART, F.SOLD_OFF),
    F.ON_CART: (F.RESTOCKED,),
    F.RETURN_REFUSED: (),
    F.RETURN_NEVER_CAME: (),
    F.RESTOCKED: (),
    F.SCRAPPED: (),
    F.SOLD_OFF: (),
}
"""The way of the goods of a line; what the customer gets for them goes its own way."""

OWN_WISH = (
    ReturnReason.FIT, ReturnReason.NOT_AS_EXPECTED, ReturnReason.CHANGED_MIND, ReturnReason.LATE
)  # fmt: skip
ALLOWED = (F.RETURN_ASKED, F.RETURN_AUTHORISED)
ENDS = (F.RESTOCKED, F.SCRAPPED, F.SOLD_OFF)


def check_returns(record: Record) -> None:
    """Check every law of returns."""
    laws = _Returns(record)
    laws.check(record)
    if record.played.open_lives == 0:
        laws.all_ended()


class _Returns(Laws):
    """Follows the goods and the due of every line that is asked back."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        scenario = record.setting.scenario
        self.rules = scenario.returns
        self.luck = record.book.luck
        self.catalogue = record.setting.catalogue
        self.units: list[int] = record.book.demand.units.tolist()
        self.price: list[int] = record.book.demand.price_cents.tolist()
        self.sku: list[int] = record.book.demand.sku.tolist()
        self.taken: dict[int, int] = {}
        self.at: dict[int, Fact] = {}
        self.asked: dict[int, Row] = {}
        self.inspected: dict[int, None] = {}
        self.scanned: dict[int, None] = {}
        self.given: dict[int, Fact] = {}
        self.in_vain: set[int] = set()

    def on_typed_as(self, row: Row) -> None:
        self.sku[row.subject], self.units[row.subject] = row.other, int(row.value)

    def on_typed_right(self, row: Row) -> None:
        self.sku[row.subject], self.units[row.subject] = row.other, int(row.value)

    def on_entry_fault_found(self, row: Row) -> None:
        """What was typed is back on the shelf; what was ordered is picked, or sent otherwise."""
        self.taken.pop(row.subject, None)

    def on_substituted(self, row: Row) -> None:
        self.sku[row.subject], self.price[row.subject] = row.other, int(row.value)

    def on_line_picked(self, row: Row) -> None:
        if row.subject not in self.asked:
            self.taken[row.subject] = row.other

    def on_short_picked(self, row: Row) -> None:
        """Goods sent again were not on the shelf: the customer still has to get something."""
        if self.given.pop(row.subject, None) is not None:
            self.in_vain.add(row.subject)

    def on_line_mended(self, row: Row) -> None:
        """What was picked is back on the shelf; it is picked again, or the supplier sends it."""
        if row.subject not in self.asked:
            self.taken.pop(row.subject, None)

    # the request

    def on_return_asked(self, row: Row) -> None:
        line = row.subject
        assert line not in self.asked, "a line comes back twice"
        whole, taken = self.units[line], self.taken.get(line, self.units[line])
        due = 0 if taken < whole else taken - whole or whole
        part = self.luck.part_u[line] < 1.0 and whole > 1 and row.value in OWN_WISH
        assert 0 < row.other < whole if part else row.other == due, "other units than are due"
        assert not part or self.rules.part_of_line_share > 0.0
        self.asked[line], self.at[line] = row, row.fact

    def too_many(self, line: int) -> bool:
        return self.taken.get(line, 0) > self.units[line]

    def _own_wish(self, line: int) -> bool:
        return self.asked[line].value in OWN_WISH

    def _too_late(self, line: int) -> bool:
        """Tell whether a sound line is asked for after the window."""
        days = self.rules.window_days
        late = days is not None and float(self.luck.return_lag_s[line]) > days * DAY_S
        return late and self._own_wish(line)

    def on_authorise_started(self, row: Row) -> None:
        self._next(row)
        assert self.rules.authorisation == "clerk"
        assert not self._too_late(row.subject), "looked at although it comes too late"

    def on_return_authorised(self, row: Row) -> None:
        self._goods(row)
        assert not (self._own_wish(row.subject) and self.luck.refused[row.subject])

    def on_return_refused(self, row: Row) -> None:
        line, before = row.subject, self.at[row.subject]
        self._goods(row)
        if row.value == Refusal.TOO_LATE:
            assert self._too_late(line)
        else:
            assert row.value == Refusal.NOT_AUTHORISED
            assert before == F.AUTHORISE_STARTED
            assert self.luck.refused[line]
            assert self._own_wish(line), "the house answers for its own mistakes"

    # the goods

    def _next(self, row: Row) -> None:
        before = self.at.get(row.subject)
        assert row.fact in AFTER_RETURN_FACT[before], f"{row.fact.name} after {before!r}"
        self.at[row.subject] = row.fact

    def _goods(self, row: Row) -> None:
        self._next(row)
        assert row.other == self.asked[row.subject].other, "units are lost on the way"

    def _leaves_the_customer(self, row: Row) -> None:
        line, clerk = row.subject, self.rules.authorisation == "clerk"
        before = self.at[line]
        assert before == F.RETURN_SCANNED or clerk == (before == F.RETURN_AUTHORISED)
        assert not self._too_late(line), "sent back although it comes too late"
        self._goods(row)
        assert row.other > 0, "nothing that could come back"

    def on_return_scanned(self, row: Row) -> None:
        self._leaves_the_customer(row)
        assert self.rules.refund_when == "scan"
        assert not self.luck.never_sent[row.subject]
        self.scanned[row.subject] = None

    def on_return_received(self, row: Row) -> None:
        self._leaves_the_customer(row)
        assert (row.subject in self.scanned) == (self.rules.refund_when == "scan")
        assert not self.luck.never_sent[row.subject], "what is never sent came back"

    def on_return_never_came(self, row: Row) -> None:
        self._leaves_the_customer(row)
        assert self.luck.never_sent[row.subject]
        since_s = row.time_s - self.asked[row.subject].time_s
        assert since_s >= self.rules.label_valid_days * DAY_S - SMALL_S

    def on_inspect_started(self, row: Row) -> None:
        self._next(row)

    def on_refurbish_started(self, row: Row) -> None:
        self._next(row)
        self._not_as_new(row.subject)
        assert self.luck.refurbished[row.subject]

    def on_refurbished(self, row: Row) -> None:
        self._goods(row)
        assert row.value == row.other * round(self.rules.refurbish_material_eur * 100.0)

    def on_on_cart(self, row: Row) -> None:
        self._to_the_shelf(row)
        assert self.rules.restock == "cart"

    def on_restocked(self, row: Row) -> None:
        carried = self.at[row.subject] == F.ON_CART
        assert carried == (self.rules.restock == "cart")
        if carried:
            self._goods(row)
        else:
            self._to_the_shelf(row)

    def _to_the_shelf(self, row: Row) -> None:
        if self.at[row.subject] == F.REFURBISHED:
            assert self.rules.refurbished_to == "shelf"
        else:
            assert self.luck.restockable[row.subject]
            assert self.asked[row.subject].value != ReturnReason.DAMAGED
        self._goods(row)

    def _not_as_new(self, line: int) -> None:
        damaged = self.asked[line].value == ReturnReason.DAMAGED
        assert damaged or not self.luck.restockable[line], "good goods are thrown away"

    def on_scrapped(self, row: Row) -> None:
        self._goods(row)
        self._not_as_new(row.subject)
        assert not self.luck.refurbished[row.subject]
        cost = float(self.catalogue.cost_cents[self.sku[row.subject]])
        assert row.value == row.other * round(cost * self.rules.scrap_value_share)

    def on_sold_off(self, row: Row) -> None:
        self._goods(row)
        assert self.rules.refurbished_to == "second_hand"
        price = self.price[row.subject] * self.rules.second_hand_share
        assert row.value == row.other * round(price)

    # what the customer gets

    def _given(self, row: Row, when: str) -> None:
        """Nothing is given twice, for nothing, or before the moment that the house has chosen."""
        line, at = row.subject, self.at[row.subject]
        assert line not in self.given, f"{self.given[line].name}, then {row.fact.name}"
        assert not self.too_many(line), "what was never charged is given back"
        assert at not in (F.RETURN_REFUSED, F.AUTHORISE_STARTED), "given without a yes"
        clerk = self.rules.authorisation == "clerk"
        assert at != F.RETURN_ASKED or not clerk, "given before a clerk looked"
        if self.asked[line].other and when != "request" and line not in self.in_vain:
            assert at not in (*ALLOWED, F.RETURN_NEVER_CAME), "given before anything was sent"
            assert when == "scan" or at not in (F.RETURN_SCANNED, F.RETURN_RECEIVED)
        self.given[line] = row.fact

    def on_refunded(self, row: Row) -> None:
        line = row.subject
        # an exchange of which nothing was there is paid back at its own moment
        wished = self.luck.exchanged[line] and self._exchangeable(line)
        self._given(row, self.rules.refund_when)
        asked = self.asked[line]
        missing = self.units[line] - self.taken.get(line, self.units[line])
        price = self.price[line] * (asked.other or missing)
        used = self._own_wish(line) and not self.luck.restockable[line]
        used &= line not in self.in_vain  # an exchange was promised, at the full price
        kept = round(price * self.rules.deduction_share) if used else 0
        assert row.value == price - kept, "other money than is due"
        days_s = row.time_s - asked.time_s
        assert days_s >= 0.0
        if wished and self.rules.exchange_when == "inspection":
            assert self.at[line] not in (*ALLOWED, F.RETURN_SCANNED), "paid before the exchange"

    def on_replaced(self, row: Row) -> None:
        self._given(row, "inspection")
        assert self.luck.replaced[row.subject]
        assert not self._own_wish(row.subject)

    def on_exchanged(self, row: Row) -> None:
        line, sku = row.subject, int(row.value)
        self._given(row, self.rules.exchange_when)
        assert self.luck.exchanged[line]
        assert self._exchangeable(line)
        category = self.catalogue.category
        assert category[sku] == category[self.sku[line]], "other goods than were wished for"

    def _exchangeable(self, line: int) -> bool:
        return self.asked[line].value in (ReturnReason.FIT, ReturnReason.NOT_AS_EXPECTED)

    # at the end

    def all_ended(self) -> None:
        """Every return that was asked for has ended in exactly one way."""
        for line, row in self.asked.items():
            at, given = self.at[line], self.given.get(line)
            if at == F.RETURN_REFUSED:
                assert given is None
            elif at == F.RETURN_NEVER_CAME:
                early = self.rules.refund_when == "request" or line in self.in_vain
                assert given is None or early or given == F.EXCHANGED
            else:
                assert at in ENDS if row.other else at in ALLOWED, f"{at.name} is no end"
                assert (given is None) == self.too_many(line), f"line {line} got {given}"
