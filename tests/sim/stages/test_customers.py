"""Customers who drop out, are won back, remember, and follow a contact."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import DropOutCause, Fact, LostCause
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import DAY_S, Hand, Lines

ONE: Lines = [(0, 1)]
LATE_S = 2 * DAY_S
"""On the way; promised is one day."""
WEEKS = {"law": "bg_nbd", "opening_customers": 1}
NEVER = {"late": 0.0, "wrong_item": 0.0, "stockout": 0.0, "turned_away": 0.0, "slow_refund": 0.0}


def leaving(**drop_out: float) -> dict[str, Any]:
    """Return customers who may drop out, and otherwise forgive."""
    return {"customers": {**WEEKS, "experience": NEVER, "drop_out": drop_out}}


def rows(played: Record, fact: Fact) -> list[tuple[int, float]]:
    """Return subject and value of each row of a fact."""
    return [(row.subject, row.value) for row in played.rows(fact)]


@pytest.mark.parametrize(("uniform", "leaves"), [(0.49, True), (0.51, False)])
def test_a_bad_experience_can_be_the_last_one(hand: Hand, uniform: float, leaves: bool) -> None:
    """Late with effect 0.5: below it the customer is gone from the delivery on, else not."""
    played = hand.play(
        [(0.0, ONE), (20 * DAY_S, ONE)],
        customer=[3, 3],
        transit_s=[LATE_S, 0.0],
        drop_out_u=[uniform, 1.0],
        sections=leaving(late=0.5),
    )

    gone = [(0, float(DropOutCause.EXPERIENCE))] if leaves else []
    assert rows(played, Fact.DROPPED_OUT) == gone
    assert rows(played, Fact.LOST) == ([(1, float(LostCause.DROPPED_OUT))] if leaves else [])
    for row in played.rows(Fact.DROPPED_OUT):
        assert row.other == 3
        assert row.time_s == played.first_s(Fact.DELIVERED)[0]


@pytest.mark.parametrize(("uniform", "back"), [(0.36, True), (0.34, False)])
def test_a_contact_wins_back_a_share_of_those_who_left(
    hand: Hand, uniform: float, back: bool
) -> None:
    """Effect 0.5, recovered 0.3: with a uniform from 0.35 on the customer is back."""
    experience = {**NEVER, "followed_up_recovers": 0.3}
    played = hand.play(
        [(0.0, ONE), (20 * DAY_S, ONE)],
        customer=[3, 3],
        transit_s=[LATE_S, 0.0],
        drop_out_u=[uniform, 1.0],
        followed_up=[True, False],
        sections={"customers": {**WEEKS, "experience": experience, "drop_out": {"late": 0.5}}},
    )

    assert rows(played, Fact.WON_BACK) == ([(0, 0.0)] if back else [])
    assert len(rows(played, Fact.LOST)) == (not back)


@pytest.mark.parametrize(("uniform", "leaves"), [(0.59, True), (0.61, False)])
def test_a_slow_refund_comes_on_top_of_a_late_delivery(
    hand: Hand, uniform: float, leaves: bool
) -> None:
    """Late 0.5 and slow refund 0.2 leave 0.4: 1 - (1 - 0.5)(1 - 0.2) = 0.6 drop out."""
    played = hand.play(
        [(0.0, ONE), (40 * DAY_S, ONE)],
        customer=[3, 3],
        transit_s=[LATE_S, 0.0],
        return_u=[0.0, 1.0],
        refund_s=8 * DAY_S,
        drop_out_u=[uniform, 1.0],
        sections=leaving(late=0.5, slow_refund=0.2),
    )

    assert len(rows(played, Fact.DROPPED_OUT)) == leaves
    if leaves:
        (row,) = played.rows(Fact.DROPPED_OUT)
        assert row.time_s == played.rows(Fact.REFUNDED)[0].time_s


def test_effects_on_drop_out_are_those_on_the_next_order_unless_given(hand: Hand) -> None:
    """Late 0.7 in the experience alone: the customer with 0.69 leaves, the one with 0.71 stays."""
    played = hand.play(
        [(0.0, ONE), (0.0, ONE)],
        customer=[1, 2],
        transit_s=LATE_S,
        drop_out_u=[0.69, 0.71],
        sections={"customers": {**WEEKS, "experience": {**NEVER, "late": 0.7}}},
    )

    assert [row.other for row in played.rows(Fact.DROPPED_OUT)] == [1]


def test_a_customer_who_leaves_by_themselves_is_told_with_the_last_order(hand: Hand) -> None:
    """After the order that the book marks; a bad experience with it comes too late to matter."""
    played = hand.play(
        [(0.0, ONE), (20 * DAY_S, ONE)],
        customer=[3, 3],
        transit_s=LATE_S,
        drop_out_u=[1.0, 0.0],
        demand={"last_of_customer": [False, True]},
        sections=leaving(late=0.5),
    )

    (row,) = played.rows(Fact.DROPPED_OUT)
    assert (row.subject, row.time_s, row.value) == (1, 20 * DAY_S, float(DropOutCause.OWN))


@pytest.mark.parametrize(("uniform", "lost"), [(0.81, True), (0.79, False)])
def test_what_was_lost_before_counts_for_its_share(hand: Hand, uniform: float, lost: bool) -> None:
    """Late with effect 0.4, then well: half of it still counts, so the next comes with 0.8."""
    experience = {**NEVER, "late": 0.4, "carried_over_share": 0.5}
    played = hand.play(
        [(0.0, ONE), (20 * DAY_S, ONE), (40 * DAY_S, ONE)],
        customer=[3, 3, 3],
        transit_s=[LATE_S, 0.0, 0.0],
        loyalty_u=[0.0, 0.0, uniform],
        sections={"customers": {"experience": experience}},
    )

    assert rows(played, Fact.LOST) == ([(2, float(LostCause.EXPERIENCE))] if lost else [])


@pytest.mark.parametrize(("days", "loyalty"), [(5.0, 0.9), (12.0, 0.5)])
def test_very_late_is_worse_than_late(hand: Hand, days: float, loyalty: float) -> None:
    """Promised in a day: after five days the order is late, after twelve it is very late."""
    experience = {**NEVER, "late": 0.1, "very_late": 0.5}
    played = hand.play(
        [(0.0, ONE), (0.0, ONE), (40 * DAY_S, ONE), (40 * DAY_S, ONE)],
        customer=[1, 2, 1, 2],
        transit_s=days * DAY_S,
        loyalty_u=[0.0, 0.0, loyalty + 0.01, loyalty - 0.01],
        sections={"customers": {"experience": experience}},
    )

    assert rows(played, Fact.LOST) == [(2, float(LostCause.EXPERIENCE))]


@pytest.mark.parametrize(
    ("due_days", "contacted", "cause"),
    [
        (10.0, True, None),
        (2.0, True, LostCause.NO_CONTACT),  # the mail goes out after three days
        (10.0, False, LostCause.NO_CONTACT),
    ],
)
def test_a_led_order_is_placed_if_its_contact_has_gone_out(
    hand: Hand, due_days: float, contacted: bool, cause: LostCause | None
) -> None:
    """The second order follows the contact after the first one; all others come by themselves."""
    played = hand.play(
        [(0.0, ONE), (due_days * DAY_S, ONE), (due_days * DAY_S, ONE)],
        customer=[3, 3, 4],
        followed_up=[contacted, False, False],
        demand={"led_by": [-1, 0, -1]},
        sections={"follow_up": {"after_days": 3.0}},
    )

    placed = [row.subject for row in played.rows(Fact.PLACED)]
    assert placed == ([0, 1, 2] if cause is None else [0, 2])
    assert rows(played, Fact.LOST) == ([] if cause is None else [(1, float(cause))])


def test_a_led_order_of_an_angry_customer_is_lost_as_any_other(hand: Hand) -> None:
    """The contact has gone out, but the customer stays away because the order was late."""
    played = hand.play(
        [(0.0, ONE), (20 * DAY_S, ONE)],
        customer=[3, 3],
        transit_s=LATE_S,
        followed_up=[True, False],
        loyalty_u=[0.0, 0.9],
        demand={"led_by": [-1, 0]},
        sections={"customers": {"experience": {"late": 0.5, "followed_up_recovers": 0.0}}},
    )

    assert rows(played, Fact.LOST) == [(1, float(LostCause.EXPERIENCE))]


def test_a_contact_leads_nobody_who_has_left(hand: Hand) -> None:
    """The first order was the customer's last one by the law: what it might lead to is no loss."""
    played = hand.play(
        [(0.0, ONE), (20 * DAY_S, ONE)],
        customer=[3, 3],
        followed_up=[True, False],
        demand={"led_by": [-1, 0], "last_of_customer": [True, False]},
        sections=leaving(late=0.0),
    )

    assert rows(played, Fact.LOST) == [(1, float(LostCause.LEFT))]
