"""Telling by hand: a parcel leaves after HOUSE_S, and its channels and customer hear of it."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import Fact
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import DAY_S, HOUR_S, HOUSE_S, Hand, always, merged

ONE = [(0, 1)]
MARK_S = 20.0
MANUAL: dict[str, Any] = {
    "shipping": {"mark_shipped": "manual", "mark_shipped_s": always(MARK_S)},
}
MAIL: dict[str, Any] = {"shipping": {"tracking_mail": True}}


def times(played: Record, fact: Fact) -> list[float]:
    """Return when a fact happened."""
    return [row.time_s for row in played.rows(fact)]


def test_by_default_nobody_is_told(hand: Hand) -> None:
    """No facts, no work."""
    played = hand.play([(0.0, ONE)])

    assert played.rows(Fact.MARKED_SHIPPED, Fact.TRACKING_SENT) == []


def test_automated_marking_is_at_once(hand: Hand) -> None:
    """Marked the moment the parcel leaves, without anybody's work."""
    played = hand.play([(0.0, ONE)], sections={"shipping": {"mark_shipped": "automated"}})

    assert times(played, Fact.MARKED_SHIPPED) == [HOUSE_S]
    assert played.count(Fact.WORKED) == hand.play([(0.0, ONE)]).count(Fact.WORKED)


@pytest.mark.parametrize(("by", "role"), [("clerks", 0), ("dispatchers", 3)])
def test_manual_marking_is_the_work_of_a_role(hand: Hand, by: str, role: int) -> None:
    """20 s for each of three channels that list the order."""
    sections = merged(
        MANUAL,
        {"shipping": {"mark_shipped_by": by}, "orders": {"channels": {"web": {"listed_in": 3}}}},
    )

    played = hand.play([(0.0, ONE)], sections=sections)

    (marked,) = played.rows(Fact.MARKED_SHIPPED)
    assert (marked.time_s, marked.subject, marked.other) == (HOUSE_S + 3 * MARK_S, 0, 3)
    worked = [(r.other, r.value) for r in played.rows(Fact.WORKED) if r.time_s == marked.time_s]
    assert worked == [(role, 3 * MARK_S)]


def test_marking_waits_for_its_turn(hand: Hand) -> None:
    """Two parcels on one truck, one clerk: the second is marked after the first."""
    truck = {"standard": {"continuous": False, "pickups": ["18:00"]}}
    sections = merged(MANUAL, {"shipping": {"services": truck}})

    played = hand.play([(0.0, ONE)] * 2, sections=sections)

    six = 18 * HOUR_S
    assert times(played, Fact.MARKED_SHIPPED) == [six + MARK_S, six + 2 * MARK_S]


def test_the_mail_goes_with_the_parcel(hand: Hand) -> None:
    """Without a lag, a mailing or a marking: at once."""
    assert times(hand.play([(0.0, ONE)], sections=MAIL), Fact.TRACKING_SENT) == [HOUSE_S]


@pytest.mark.parametrize(
    ("keys", "sent_s"),
    [
        ({"tracking_mail_lag_min": 30.0}, HOUSE_S + 1800.0),
        ({"tracking_mail_every_min": 60.0}, HOUR_S),
        ({"tracking_mail_lag_min": 60.0, "tracking_mail_every_min": 60.0}, 2 * HOUR_S),
        ({"tracking_mail_every_min": HOUSE_S / 60.0}, HOUSE_S),  # the mailing of this very moment
    ],
)
def test_lag_and_mailing(hand: Hand, keys: dict[str, float], sent_s: float) -> None:
    """The carrier's data comes after the lag, the mail goes out with the next mailing."""
    played = hand.play([(0.0, ONE)], sections=merged(MAIL, {"shipping": keys}))

    assert times(played, Fact.TRACKING_SENT) == [sent_s]


def test_the_mail_waits_for_the_marking(hand: Hand) -> None:
    """The channel knows the tracking number only once the parcel is marked; then the lag begins."""
    sections = merged(merged(MANUAL, MAIL), {"shipping": {"tracking_mail_lag_min": 1.0}})

    played = hand.play([(0.0, ONE)], sections=sections)

    assert times(played, Fact.TRACKING_SENT) == [HOUSE_S + MARK_S + 60.0]


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0, 0), (0.5, 60, 140), (1.0, 200, 200)])
def test_share_of_mails(hand: Hand, share: float, low: int, high: int) -> None:
    """None, half (200 throws of a fair coin: 100 +- 40 is 5.6 sd), all."""
    played = hand.play(
        [(60.0 * k, ONE) for k in range(200)],
        sections=merged(MAIL, {"shipping": {"tracking_mail_share": share}}),
    )

    assert low <= played.count(Fact.TRACKING_SENT) <= high


def test_what_the_supplier_sends_is_told_too(hand: Hand) -> None:
    """Marked and mailed when it leaves the supplier, two days after the order."""
    played = hand.play(
        [(0.0, ONE)],
        sections=merged(
            {"shipping": {"mark_shipped": "automated", "tracking_mail": True}},
            {"stockouts": {"answer": "dropship"}},
        ),
        stock=[0] * 4,
    )

    assert times(played, Fact.MARKED_SHIPPED) == [2 * DAY_S]
    assert times(played, Fact.TRACKING_SENT) == [2 * DAY_S]


def test_a_replacement_is_mailed_and_not_marked(hand: Hand) -> None:
    """Its order has been marked; the customer wants to know where the new parcel is."""
    played = hand.play(
        [(0.0, ONE)],
        sections={"shipping": {"mark_shipped": "automated", "tracking_mail": True}},
        damage_u=-1.0,
        replaced=True,
    )

    assert [row.subject for row in played.rows(Fact.MARKED_SHIPPED)] == [0]
    assert [row.subject for row in played.rows(Fact.TRACKING_SENT)] == [0, 1]


def test_the_run_waits_for_the_last_mail(hand: Hand) -> None:
    """A mail three days after the only parcel is still sent, and the parcel is not held up."""
    sections = merged(MAIL, {"shipping": {"tracking_mail_lag_min": 3 * 24 * 60.0}})

    played = hand.play([(0.0, ONE)], sections=sections)

    assert times(played, Fact.TRACKING_SENT) == [HOUSE_S + 3 * DAY_S]
    assert times(played, Fact.DELIVERED) == [HOUSE_S + HOUR_S]
    assert played.played.open_lives == 0
