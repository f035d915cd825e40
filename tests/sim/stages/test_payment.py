"""Payments by hand: held and rejected, on account, authorisations that expire, what is owed."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import BalanceError
from sim.kpis.balance import balance
from sim.kpis.registry import compute
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.log.facts import CancelReason, Fact
from sim.stages.payment_states import NEXT, Payment, move
from tests.properties.law_book import LawBook
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import DAY_S, HOUR_S, HOUSE_S, TRANSIT_S, Hand

ONE = [(0, 1)]
LATER: dict[str, Any] = {"pays_later": True, "pay_later_s": 10 * DAY_S}


def when(played: Record, fact: Fact) -> list[float]:
    """Return the times of a fact."""
    return [row.time_s for row in played.rows(fact)]


def cents(played: Record, fact: Fact) -> list[float]:
    """Return the values of a fact."""
    return [row.value for row in played.rows(fact)]


def kpis(played: Record) -> dict[str, float | None]:
    """Check every law; return the KPIs of the first day's orders."""
    tables = Tables(played.book.demand, played.setting.catalogue, Window(0.0, DAY_S))
    tables.add(played.log)
    LawBook(played).check()
    assert balance(tables).faults == ()
    return compute(tables, played.setting.scenario)


def test_a_rejected_order_is_cancelled_and_frees_the_stock(hand: Hand) -> None:
    """Held at 0, looked at for 200 s, rejected: the backorder that waits gets its unit at 200."""
    played = hand.play(
        [(0.0, ONE), (100.0, ONE)],
        stock=[1, 0, 0, 0],
        fraud_check_s=[200.0, 0.0],
        fraud_rejected=[True, True],  # who is not held is not rejected
    )

    (cancelled,) = played.rows(Fact.CANCELLED)
    assert (cancelled.time_s, cancelled.subject) == (200.0, 0)
    assert cancelled.value == CancelReason.FRAUD
    assert when(played, Fact.FRAUD_HELD) == [0.0]
    assert when(played, Fact.BACKORDER_FILLED) == [200.0]
    figures = kpis(played)
    assert figures["fraud_held_rate"] == figures["fraud_rejected_rate"] == 0.5


def test_an_order_on_account_leaves_at_once_and_is_paid_later(hand: Hand) -> None:
    """Placed at 0 and gone after 210 s; 20.00 come ten days after that, nothing is captured."""
    played = hand.play([(0.0, [(0, 2)])], **LATER)

    assert when(played, Fact.PAID) == [0.0]
    assert not played.rows(Fact.CAPTURED)
    (invoiced,), (paid,) = played.rows(Fact.INVOICED), played.rows(Fact.INVOICE_PAID)
    assert (invoiced.time_s, invoiced.other, invoiced.value) == (HOUSE_S, 0, 2000.0)
    assert (paid.time_s, paid.other, paid.value) == (HOUSE_S + 10 * DAY_S, 0, 2000.0)
    figures = kpis(played)
    assert figures["revenue_eur"] == figures["receivables_eur"] == 20.0
    assert figures["invoiced_share_rate"] == 1.0
    assert figures["click_to_money_mean_days"] == pytest.approx(10.0 + HOUSE_S / DAY_S)
    assert figures["payment_wait_mean_h"] == 0.0


def test_money_counts_by_the_cent(hand: Hand) -> None:
    """10.00 captured after 210 s and 30.00 that come ten days later: three quarters wait."""
    played = hand.play(
        [(0.0, ONE), (7200.0, [(0, 3)])], pays_later=[False, True], pay_later_s=10 * DAY_S
    )

    expected = (HOUSE_S + 0.75 * 10 * DAY_S) / DAY_S
    assert kpis(played)["click_to_money_mean_days"] == pytest.approx(expected)


def test_who_never_pays_is_written_off(hand: Hand) -> None:
    """After 90 days; the loss lowers the margin by the whole price."""
    sections = {"payment": {"write_off_days": 90.0}}
    paid, lost = (
        hand.play([(0.0, ONE)], sections=sections, never_pays=never, **LATER)
        for never in (False, True)
    )

    assert when(lost, Fact.WRITTEN_OFF) == [HOUSE_S + 90 * DAY_S]
    assert cents(lost, Fact.WRITTEN_OFF) == [1000.0]
    assert not lost.rows(Fact.INVOICE_PAID)
    figures, others = kpis(lost), kpis(paid)
    assert figures["written_off_eur"] == 10.0
    assert figures["margin_eur"] == pytest.approx((others["margin_eur"] or 0.0) - 10.0)
    assert figures["click_to_money_mean_days"] is None


def test_a_return_before_the_money_is_a_credit_note(hand: Hand) -> None:
    """Two lines of 10.00; one is back on the fifth day and credited: only 10.00 are paid."""
    played = hand.play([(0.0, [(0, 1), (1, 1)])], return_u=[0.0, 1.0], **LATER)

    back_s = HOUSE_S + TRANSIT_S + 3 * DAY_S + 12 * HOUR_S + 600.0 + 4 * HOUR_S
    (credited,) = played.rows(Fact.CREDITED)
    assert (credited.time_s, credited.other, credited.value) == (back_s, 0, 1000.0)
    assert cents(played, Fact.REFUNDED) == [1000.0]
    assert cents(played, Fact.INVOICE_PAID) == [1000.0]
    figures = kpis(played)
    assert figures["net_revenue_eur"] == 10.0


def test_a_return_after_the_money_is_paid_out(hand: Hand) -> None:
    """The invoice is paid on the first day: what comes back later is no credit note."""
    played = hand.play([(0.0, ONE)], return_u=0.0, pays_later=True, pay_later_s=1 * DAY_S)

    assert cents(played, Fact.INVOICE_PAID) == cents(played, Fact.REFUNDED) == [1000.0]
    assert not played.rows(Fact.CREDITED)
    assert kpis(played)["net_revenue_eur"] == 0.0


def test_a_wholly_returned_order_is_never_paid(hand: Hand) -> None:
    """Nothing is left to pay when the invoice is due."""
    played = hand.play([(0.0, ONE)], return_u=0.0, **LATER)

    assert cents(played, Fact.CREDITED) == [1000.0]
    assert not played.rows(Fact.INVOICE_PAID)
    kpis(played)


def test_goods_that_come_back_after_the_write_off_lower_the_loss(hand: Hand) -> None:
    """Written off on the second day, back on the fourth: lost is nothing, sold is nothing."""
    played = hand.play(
        [(0.0, ONE)],
        sections={"payment": {"write_off_days": 2.0}},
        return_u=0.0,
        never_pays=True,
        **LATER,
    )

    assert cents(played, Fact.WRITTEN_OFF) == [1000.0, -1000.0]
    assert cents(played, Fact.CREDITED) == [1000.0]
    figures = kpis(played)
    assert figures["written_off_eur"] == figures["net_revenue_eur"] == 0.0


EXPIRES: dict[str, Any] = {
    "authorisation_days": 1.0,
    "retry_h": {"distribution": "deterministic", "value": 2.0},
}


def waiting(hand: Hand, lines: list[tuple[int, int]], **payment: Any) -> Record:
    """Play an order that waits two days for the first of its lines."""
    return hand.play(
        [(0.0, lines)],
        sections={"payment": {**EXPIRES, **payment}},
        stock=[0, 5, 5, 5],
        levels=(0, 5),
    )


def test_an_expired_authorisation_is_asked_for_anew(hand: Hand) -> None:
    """Goods come after two days, an authorisation holds one: asked anew before the floor."""
    played = waiting(hand, ONE, decline_rate=0.0)

    (expired,), (again,) = (
        played.rows(Fact.AUTHORISATION_EXPIRED),
        played.rows(Fact.AUTHORISED_AGAIN),
    )
    assert (expired.time_s, expired.other, again.time_s, again.value) == (
        2 * DAY_S,
        0,
        2 * DAY_S,
        0.0,
    )
    assert when(played, Fact.RELEASED) == [2 * DAY_S]
    assert cents(played, Fact.CAPTURED) == [1000.0]
    assert kpis(played)["authorisation_expired_rate"] == 1.0


def test_who_does_not_pay_anew_is_cancelled(hand: Hand) -> None:
    """Every attempt is declined: two retries of two hours, then the order ends."""
    played = waiting(hand, ONE, decline_rate=1.0, gives_up_share=0.0, retries=2)

    (refused,), (cancelled,) = (
        played.rows(Fact.AUTHORISATION_REFUSED),
        played.rows(Fact.CANCELLED),
    )
    assert (refused.time_s, refused.value) == (2 * DAY_S + 4 * HOUR_S, 3.0)
    assert cancelled.value == CancelReason.PAYMENT
    assert [row.other for row in played.rows(Fact.PAYMENT_LAPSED)] == [1]
    assert not played.rows(Fact.CAPTURED, Fact.INVOICED)
    assert kpis(played)["payment_given_up_rate"] == 1.0


def test_what_has_left_before_stays_sold(hand: Hand) -> None:
    """One line left on the first day; the other one is not paid: the order is delivered."""
    played = waiting(hand, [(0, 1), (1, 1)], decline_rate=1.0, gives_up_share=1.0)

    assert cents(played, Fact.CAPTURED) == [1000.0]
    assert [row.subject for row in played.rows(Fact.PAYMENT_LAPSED)] == [0]
    assert not played.rows(Fact.CANCELLED)
    figures = kpis(played)
    assert figures["orders_delivered"] == 1.0
    assert figures["units_sold"] == 1.0


def test_what_is_packed_leaves_on_account(hand: Hand) -> None:
    """The truck comes two days after the order; declined anew, the goods leave with an invoice."""
    trucks = {"pickups": ["00:00"], "days": ["wed"], "continuous": False}
    played = hand.play(
        [(0.0, ONE)],
        sections={
            "payment": {**EXPIRES, "decline_rate": 1.0},
            "shipping": {"services": {"standard": trucks}},
        },
        pay_later_s=5 * DAY_S,
    )

    assert when(played, Fact.AUTHORISATION_REFUSED) == when(played, Fact.INVOICED) == [2 * DAY_S]
    assert when(played, Fact.INVOICE_PAID) == [7 * DAY_S]
    assert not played.rows(Fact.CAPTURED, Fact.PAYMENT_LAPSED)
    kpis(played)


def test_what_leaves_in_time_is_not_asked_for_anew(hand: Hand) -> None:
    """An authorisation of a day holds for an order of minutes."""
    played = hand.play([(0.0, ONE)], sections={"payment": {**EXPIRES, "decline_rate": 1.0}})

    assert not played.rows(Fact.AUTHORISATION_EXPIRED)
    assert cents(played, Fact.CAPTURED) == [1000.0]


def test_the_table_names_every_state_and_ends() -> None:
    """Every state has its successors; from each one an end is reached; ends lead nowhere."""
    assert set(NEXT) == set(Payment)
    ends = {state for state, after in NEXT.items() if not after}
    assert ends == {
        *(Payment.CAPTURED, Payment.SETTLED, Payment.WRITTEN_OFF),
        *(Payment.GIVEN_UP, Payment.REJECTED),
    }
    reached = set(ends)
    while len(reached) < len(NEXT):
        more = {state for state, after in NEXT.items() if after & reached} - reached
        assert more, f"no end from {set(NEXT) - reached}"
        reached |= more


def test_a_state_that_may_not_follow_is_a_bug() -> None:
    """Nothing is captured of what is on account."""

    class Account:
        number = 7
        payment = Payment.ON_ACCOUNT

    with pytest.raises(BalanceError, match="payment 7: ON_ACCOUNT, then CAPTURED"):
        move(Account(), Payment.CAPTURED)
