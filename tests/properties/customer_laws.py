"""What is true of customers in every run, checked from the raw log against book and scenario.

Who is there, who left and who has been contacted is kept fact by fact; what went badly is read
from the facts of the order, not from what the model thinks of it.
"""

from __future__ import annotations

from sim.log.facts import CancelReason, DropOutCause, Fact, LostCause
from tests.sim.engine.playing import Record, Row

DAY_S = 86_400.0
SMALL_S = 1e-6
F = Fact


def check_customers(record: Record) -> None:
    """Check every due order, drop-out and return of a customer."""
    laws = _CustomerLaws(record)
    for row in record.rows():
        if row.fact in laws.handlers:
            laws.handlers[row.fact](row)
    laws.check_end()


class _CustomerLaws:
    def __init__(self, record: Record) -> None:
        self.scenario = record.setting.scenario
        self.book = record.book
        demand = record.book.demand
        self.customer = demand.customer.tolist()
        self.order_of = [
            order
            for order in range(demand.orders)
            for _ in range(int(demand.first_line[order]), int(demand.first_line[order + 1]))
        ]
        self.order_of_leg: dict[int, int] = {}
        self.promised_s: dict[int, float] = {}
        self.asked_s: dict[int, float] = {}
        self.out: dict[int, float] = {}
        self.due: set[int] = set()
        self.contacted: dict[int, float] = {}
        self.annoyed: set[int] = set()
        """Customers with whom something has gone badly so far."""
        self.handlers = {
            F.PLACED: self._placed,
            F.LOST: self._lost,
            F.DROPPED_OUT: self._dropped_out,
            F.WON_BACK: self._won_back,
            F.FOLLOWED_UP: self._followed_up,
            F.PROMISED: lambda row: self.promised_s.update({row.subject: row.value}),
            F.SPLIT: lambda row: self.order_of_leg.update({row.subject: row.other}),
            F.DELIVERED: self._delivered,
            F.SHORT: self._line_went_badly,
            F.LINE_ARRIVED_WRONG: self._line_went_badly,
            F.CANCELLED: self._cancelled,
            F.RETURN_ASKED: lambda row: self.asked_s.update({row.subject: row.time_s}),
            F.REFUNDED: self._refunded,
        }

    def _led_by(self, order: int) -> int:
        led_by = self.book.demand.led_by
        return -1 if led_by is None else int(led_by[order])

    def _placed(self, row: Row) -> None:
        self._comes_due(row)
        assert self.customer[row.subject] not in self.out, "ordered after dropping out"
        led_by = self._led_by(row.subject)
        assert led_by < 0 or led_by in self.contacted, "led by a contact that never was"

    def _lost(self, row: Row) -> None:
        self._comes_due(row)
        order, customer = row.subject, self.customer[row.subject]
        assert row.other == customer
        cause, led_by = LostCause(int(row.value)), self._led_by(order)
        if cause == LostCause.NO_CONTACT:
            assert led_by >= 0
            assert led_by not in self.contacted, "the contact had gone out"
            return
        assert led_by < 0 or led_by in self.contacted
        if cause in (LostCause.DROPPED_OUT, LostCause.LEFT):
            own = self.out[customer] == DropOutCause.OWN
            assert own == (cause == LostCause.LEFT)
        else:
            assert customer not in self.out
            assert customer in self.annoyed, "nothing went badly"

    def _comes_due(self, row: Row) -> None:
        assert row.subject not in self.due
        self.due.add(row.subject)
        customer = self.customer[row.subject]
        assert self.out.get(customer) != DropOutCause.OWN or self._led_by(row.subject) >= 0

    def _dropped_out(self, row: Row) -> None:
        order, customer, cause = row.subject, row.other, DropOutCause(int(row.value))
        assert self.scenario.customers.law == "bg_nbd", "nobody drops out of a steady base"
        assert self.customer[order] == customer
        assert customer not in self.out, "dropped out twice"
        last = self.book.demand.last_of_customer
        assert last is not None
        if cause == DropOutCause.OWN:
            assert last[order]
            assert order in self.due
            assert abs(row.time_s - self.book.demand.placed_s[order]) < SMALL_S
        else:
            assert customer in self.annoyed, "nothing went badly"
            assert self.book.luck.drop_out_u[order] < self._most()
        self.out[customer] = cause

    def _most(self) -> float:
        """Return the chance to drop out if all went badly at once."""
        drop_out, experience = self.scenario.customers.drop_out, self.scenario.customers.experience
        left = 1.0
        for name in ("wrong_item", "stockout", "turned_away", "slow_refund"):
            own = getattr(drop_out, name)
            left *= 1.0 - (getattr(experience, name) if own is None else own)
        shares = (drop_out.late, drop_out.very_late, experience.late, experience.very_late)
        return 1.0 - left * (1.0 - max(share for share in shares if share is not None))

    def _won_back(self, row: Row) -> None:
        assert self.customer[row.subject] == row.other
        assert self.out.pop(row.other) == DropOutCause.EXPERIENCE
        assert self.contacted.get(row.subject) == row.time_s, "back without a contact"

    def _followed_up(self, row: Row) -> None:
        self.contacted[row.subject] = row.time_s

    def _delivered(self, row: Row) -> None:
        order = self.order_of_leg.get(row.subject, row.subject)
        if row.time_s > self.promised_s[order]:
            self.annoyed.add(self.customer[order])

    def _line_went_badly(self, row: Row) -> None:
        self.annoyed.add(self.customer[self.order_of[row.subject]])

    def _cancelled(self, row: Row) -> None:
        if row.value != CancelReason.PAYMENT:
            self.annoyed.add(self.customer[row.subject])

    def _refunded(self, row: Row) -> None:
        slow_s = self.scenario.customers.slow_refund_days * DAY_S
        if row.time_s - self.asked_s[row.subject] > slow_s - SMALL_S:
            self.annoyed.add(self.customer[row.other])

    def check_end(self) -> None:
        """All orders of the book were due; who ended by the law is out."""
        demand = self.book.demand
        assert self.due == set(range(demand.orders))
        if demand.last_of_customer is not None:
            ended = {self.customer[i] for i in demand.last_of_customer.nonzero()[0].tolist()}
            assert ended <= set(self.out) | self.annoyed
