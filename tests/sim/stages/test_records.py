"""Books that part from the shelf, and everybody who mends them, each timeline reckoned by hand."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import pytest
import simpy

from sim.engine import wiring
from sim.log.facts import CancelReason, CountCause, Fact, ShortAnswer
from sim.orders.book import PICK_OMITTED, PICK_WRONG_QUANTITY
from sim.stages import records
from sim.stages.counts import Counts
from sim.stages.house import House
from sim.stages.records import DriftingStock
from sim.stages.stock import channels_by_lag
from tests.properties.law_book import LawBook
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import (
    DAY_S,
    HOUR_S,
    HOUSE_S,
    PICK_S,
    PRICE_CENTS,
    TRANSIT_S,
    Hand,
    merged,
)

NOTHING_BOUGHT = (-100, 0)
NOON_S = DAY_S / 2
COUNT_S, UNIT_S = 60.0, 2.0
EVERY_DAY = {"count_every_days": {"a": 1.0}}  # with the fixture at_noon: SKU 0 alone
TURN_AWAY = {"stockouts": {"answer": "turn_away"}}
CAN_VANISH = {"shrinkage_units_per_sku_day": 1.0}


class Luck:
    """Luck of records by hand: when which SKU loses a unit, and the uniforms of the rest."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(records, "vanish", self._vanish)
        self.vanish: list[tuple[float, int]] = []

    def _vanish(
        self, house: House, stock: DriftingStock, _: float
    ) -> Generator[simpy.Event, Any, None]:
        for time_s, sku in self.vanish:
            yield house.env.timeout(time_s - house.env.now)
            stock.shelf[sku] -= 1
            house.log.add((house.env.now, int(Fact.VANISHED), sku, 1, 0.0))

    def always(self, uniform: float) -> None:
        """Let every further uniform be the same."""
        self._monkeypatch.setattr(House, "redraw_uniform", lambda *_: uniform)


@pytest.fixture
def luck(monkeypatch: pytest.MonkeyPatch) -> Luck:
    """Nothing vanishes unless it is told."""
    return Luck(monkeypatch)


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Class A is SKU 0: its turn is at noon."""
    monkeypatch.setattr(
        wiring, "counts", lambda setting: Counts(setting.scenario.records, [([0], 1.0)])
    )


def with_records(rules: Mapping[str, Any], more: Mapping[str, Any] = TURN_AWAY) -> dict[str, Any]:
    """Return the sections of books that may part from the shelf."""
    return merged({"records": rules}, more)


def told(played: Record, *facts: Fact) -> list[tuple[float, Fact, int, int, float]]:
    """Return some facts; the whole log must be lawful."""
    LawBook(played).check()
    return [tuple(row) for row in played.rows(*facts)]  # type: ignore[misc]  # five columns


def closing(played: Record, sku: int = 0) -> tuple[int, int, float]:
    """Return the units in the house, in the books and on the shelf at the end."""
    booked = played.rows(Fact.RECORD_CLOSED)[sku]
    return played.rows(Fact.STOCK_CLOSED)[sku].other, booked.other, booked.value


# pickers


def test_a_picker_mends_the_books(hand: Hand, luck: Luck) -> None:
    """Of 3 units one vanishes at 50 s; an order of 3 finds 2: the books say 2, it is refused."""
    luck.vanish = [(50.0, 0)]

    played = hand.play([(100.0, [(0, 3)])], sections=with_records(CAN_VANISH), stock=[3, 9, 9, 9])

    found_s = 100.0 + PICK_S
    facts = (Fact.VANISHED, Fact.SHORT_PICKED, Fact.RECORD_MENDED, Fact.SHORT, Fact.CANCELLED)
    assert told(played, *facts) == [
        (50.0, Fact.VANISHED, 0, 1, 0.0),
        (found_s, Fact.SHORT_PICKED, 0, 1, 0.0),
        (found_s, Fact.RECORD_MENDED, 0, 3, 2.0),
        (found_s, Fact.SHORT, 0, 3, ShortAnswer.OVERSOLD),
        (found_s, Fact.CANCELLED, 0, -1, CancelReason.OVERSOLD),
    ]
    assert closing(played) == (2, 2, 2.0)


def test_books_that_nobody_looks_at_stay_wrong(hand: Hand, luck: Luck) -> None:
    """2 of 3 are picked, one vanished: nobody notices, the books say 1 and nothing is there."""
    luck.vanish = [(50.0, 0)]

    played = hand.play([(100.0, [(0, 2)])], sections=with_records(CAN_VANISH), stock=[3, 9, 9, 9])

    assert told(played, Fact.SHORT_PICKED, Fact.RECORD_MENDED) == []
    assert closing(played) == (0, 1, 0.0)


def test_what_a_tour_took_for_others_counts_first(hand: Hand, luck: Luck) -> None:
    """One of 2 is left; two orders of one unit share a tour: the first gets it, the other none."""
    luck.vanish = [(50.0, 0)]
    together = {
        "picking": {
            "time_s": None,
            "tour_time_s": {"distribution": "deterministic", "value": 120.0},
            "batching": "first_come",
        }
    }

    played = hand.play(
        [(99.0, [(1, 1)]), (100.0, [(0, 1)]), (101.0, [(0, 1)])],
        sections=with_records(CAN_VANISH, merged(TURN_AWAY, together)),
        stock=[2, 9, 9, 9],
    )

    found_s = 99.0 + 120.0 + 120.0
    assert told(played, Fact.SHORT_PICKED, Fact.RECORD_MENDED, Fact.LINE_PICKED) == [
        (99.0 + 120.0, Fact.LINE_PICKED, 0, 1, 0.0),
        (found_s, Fact.SHORT_PICKED, 2, 1, 0.0),
        (found_s, Fact.RECORD_MENDED, 0, 2, 1.0),
        (found_s, Fact.LINE_PICKED, 1, 1, 0.0),
    ]
    assert closing(played) == (0, 0, 0.0)


def test_no_unit_too_many_is_picked_from_an_empty_place(hand: Hand, luck: Luck) -> None:
    """A picker who would take 2 for 1 takes nothing else where only the one is left."""
    luck.vanish = [(50.0, 0)]

    played = hand.play(
        [(100.0, [(0, 1)])],
        sections=with_records(CAN_VANISH),
        stock=[2, 9, 9, 9],
        pick_error=PICK_WRONG_QUANTITY,
    )

    assert [row[3] for row in told(played, Fact.LINE_PICKED)] == [0]
    assert closing(played) == (1, 2, 1.0)


def test_what_is_found_too_few_is_bought(hand: Hand, luck: Luck) -> None:
    """With s = 2 and S = 5 nothing is bought for the reservation of 2 of 5, but when 4 are gone."""
    luck.vanish = [(50.0, 0), (51.0, 0), (52.0, 0), (53.0, 0)]

    played = hand.play(
        [(100.0, [(0, 2)])], sections=with_records(CAN_VANISH), stock=[5, 9, 9, 9], levels=(2, 5)
    )

    assert told(played, Fact.PURCHASED) == [(100.0 + PICK_S, Fact.PURCHASED, 0, 4, 0.0)]


def test_a_line_on_backorder_may_find_nothing_again(hand: Hand, luck: Luck) -> None:
    """Found short, delivered two days later, gone again before the second pick: it waits on."""
    luck.vanish = [(50.0, 0), (100.0 + PICK_S + 2 * DAY_S + 1.0, 0)]

    played = hand.play(
        [(100.0, [(0, 1)])],
        sections=with_records(CAN_VANISH, {}),
        stock=[1, 9, 9, 9],
        levels=(-1, 0),
    )

    assert [row[4] for row in told(played, Fact.SHORT)] == [ShortAnswer.WAITS] * 2
    assert played.first_s(Fact.DELIVERED)[0] == (
        100.0 + PICK_S + 2 * (2 * DAY_S + PICK_S) + HOUSE_S - PICK_S + TRANSIT_S
    )


def test_a_replacement_that_is_not_there_is_refunded(hand: Hand, luck: Luck) -> None:
    """Omitted, claimed a day after the door; the one in the books is gone: the money goes back."""
    luck.vanish = [(DAY_S, 0)]

    played = hand.play(
        [(0.0, [(0, 1)])],
        sections=with_records(CAN_VANISH),
        stock=[1, 9, 9, 9],
        levels=NOTHING_BOUGHT,
        pick_error=PICK_OMITTED,
        replaced=True,
    )

    asked_s = HOUSE_S + TRANSIT_S + DAY_S
    facts = (Fact.REPLACED, Fact.SHORT_PICKED, Fact.VOID, Fact.REFUNDED)
    assert told(played, *facts) == [
        (asked_s, Fact.REPLACED, 0, 1, 0.0),
        (asked_s + PICK_S, Fact.SHORT_PICKED, 0, 1, 0.0),
        (asked_s + PICK_S, Fact.VOID, 1, -1, 0.0),
        (asked_s + PICK_S + 4 * HOUR_S, Fact.REFUNDED, 0, 0, PRICE_CENTS),
    ]
    assert played.played.open_lives == 0


# counts


@pytest.mark.usefixtures("at_noon")
def test_a_count_mends_the_books(hand: Hand, luck: Luck) -> None:
    """Two of 5 vanish; counted at noon for 60 s and 2 s for each of the 5 in the books."""
    luck.vanish = [(50.0, 0), (60.0, 0)]

    played = hand.play(
        [(0.0, [(1, 1)])], sections=with_records(CAN_VANISH | EVERY_DAY), stock=[5, 9, 9, 9]
    )

    counted_s = NOON_S + COUNT_S + 5 * UNIT_S
    facts = (Fact.COUNT_ASKED, Fact.COUNT_STARTED, Fact.COUNTED)
    assert [row for row in told(played, *facts) if row[1] != Fact.COUNT_STARTED] == [
        (NOON_S, Fact.COUNT_ASKED, 0, 5, CountCause.IN_TURN),
        (counted_s, Fact.COUNTED, 0, 5, 3.0),
    ]
    assert [row.time_s for row in played.rows(Fact.COUNT_STARTED)] == [NOON_S]
    assert closing(played) == (3, 3, 3.0)


@pytest.mark.usefixtures("at_noon")
def test_what_vanishes_during_a_count_is_counted(hand: Hand, luck: Luck) -> None:
    """The books are mended to what is there at the count's end."""
    luck.vanish = [(NOON_S + 10.0, 0)]

    played = hand.play(
        [(0.0, [(1, 1)])], sections=with_records(CAN_VANISH | EVERY_DAY), stock=[5, 9, 9, 9]
    )

    assert [row[3:] for row in told(played, Fact.COUNTED)] == [(5, 4.0)]


def test_a_class_is_counted_in_its_days(hand: Hand) -> None:
    """Classes of 1, 1 and 2 SKUs, each in a day: at noon, at noon, at 6:00 and 18:00."""
    every_class = {"count_every_days": {"a": 1.0, "b": 1.0, "c": 1.0}}

    played = hand.play([(0.0, [(1, 1)])], sections=with_records(every_class), stock=[5] * 4)

    asked = told(played, Fact.COUNT_ASKED)
    assert [row[0] / HOUR_S for row in asked] == [6.0, 12.0, 12.0, 18.0]
    assert sorted(row[2] for row in asked) == [0, 1, 2, 3]


@pytest.mark.usefixtures("at_noon")
def test_books_below_what_is_reserved(hand: Hand, luck: Luck) -> None:
    """3 reserved, one vanishes, the count says 2: nobody loses anything, nothing more is promised.

    Order 2 is refused at the click. Of those who were promised, the last one to the place finds
    too few.
    """
    luck.vanish = [(60.0, 0)]

    played = hand.play(
        [(0.0, [(0, 1)]), (1.0, [(0, 2)]), (13 * HOUR_S, [(0, 1)])],
        sections=with_records(CAN_VANISH | EVERY_DAY),
        stock=[3, 9, 9, 9],
        levels=NOTHING_BOUGHT,
        payment_delay_s=[14 * HOUR_S, 15 * HOUR_S, 0.0],
    )

    facts = (Fact.COUNTED, Fact.LINE_PICKED, Fact.SHORT_PICKED, Fact.RECORD_MENDED, Fact.CANCELLED)
    assert told(played, *facts) == [
        (NOON_S + COUNT_S + 3 * UNIT_S, Fact.COUNTED, 0, 3, 2.0),
        (13 * HOUR_S, Fact.CANCELLED, 2, -1, CancelReason.TURNED_AWAY),
        (14 * HOUR_S + PICK_S, Fact.LINE_PICKED, 0, 1, 0.0),
        (1.0 + 15 * HOUR_S + PICK_S, Fact.SHORT_PICKED, 1, 1, 0.0),
        (1.0 + 15 * HOUR_S + PICK_S, Fact.CANCELLED, 1, -1, CancelReason.OVERSOLD),
    ]
    assert closing(played) == (1, 1, 1.0)


@pytest.mark.usefixtures("at_noon")
def test_a_picker_who_finds_more_than_is_booked_takes_it(hand: Hand, luck: Luck) -> None:
    """Counted 2 of 3, all reserved: the books are raised before they would fall below zero."""
    luck.always(0.0)  # one too few

    played = hand.play(
        [(0.0, [(0, 3)])],
        sections=with_records(EVERY_DAY | {"count_wrong_share": 1.0}),
        stock=[3, 9, 9, 9],
        levels=NOTHING_BOUGHT,
        payment_delay_s=14 * HOUR_S,
    )

    picked_s = 14 * HOUR_S + PICK_S
    assert told(played, Fact.COUNTED, Fact.RECORD_MENDED, Fact.LINE_PICKED) == [
        (NOON_S + COUNT_S + 3 * UNIT_S, Fact.COUNTED, 0, 3, 2.0),
        (picked_s, Fact.RECORD_MENDED, 0, 2, 3.0),
        (picked_s, Fact.LINE_PICKED, 0, 3, 0.0),
    ]
    assert closing(played) == (0, 0, 0.0)


@pytest.mark.usefixtures("at_noon")
def test_what_a_count_finds_goes_to_who_waits(hand: Hand, luck: Luck) -> None:
    """A delivery of 2 on a wrong place at 6:00; found at noon; a new backorder of 5 is filled.

    Books and shelf: 3 + 2 in the books, 3 on the shelf. The order of 5 finds 3 at the pick.
    """
    luck.always(0.5)  # of 2 units both

    played = hand.play(
        [(0.0, [(0, 1)]), (7 * HOUR_S, [(0, 5)])],
        sections=with_records(
            {"misput_receipt_share": 0.6, **EVERY_DAY},
            {"stock": {"lead_time_days": {"distribution": "deterministic", "value": 0.25}}},
        ),
        stock=[4, 9, 9, 9],
        levels=(3, 5),
    )

    rows = told(played, Fact.MISPUT, Fact.SHORT_PICKED, Fact.RECORD_MENDED, Fact.FOUND_AGAIN)
    assert rows[:3] == [
        (6 * HOUR_S, Fact.MISPUT, 0, 2, 0.0),
        (7 * HOUR_S + PICK_S, Fact.SHORT_PICKED, 1, 2, 0.0),
        (7 * HOUR_S + PICK_S, Fact.RECORD_MENDED, 0, 5, 3.0),
    ]
    found = [row for row in rows if row[1] == Fact.FOUND_AGAIN]
    assert found[0][0] == NOON_S + COUNT_S + 3 * UNIT_S
    (filled,) = played.rows(Fact.BACKORDER_FILLED)
    assert (filled.time_s, filled.other) == (found[0][0], 5)


@pytest.mark.usefixtures("at_noon")
def test_counts_wait_for_all_other_work(hand: Hand) -> None:
    """One receiver, busy with a delivery from 11:58 to 12:08; another one came at 12:01.

    The count that was asked for at noon waits for both.
    """
    played = hand.play(
        [(0.0, [(1, 8)]), (180.0, [(2, 8)])],
        sections=with_records(
            EVERY_DAY,
            {
                "stock": {
                    "receive_s_per_order": 600.0,
                    "lead_time_days": {"distribution": "deterministic", "value": 718.0 / 1440.0},
                }
            },
        ),
        stock=[5, 9, 9, 9],
        levels=(2, 9),
    )

    assert [row[0] for row in told(played, Fact.RECEIVED)] == [
        pytest.approx((718 + 10) * 60.0),
        pytest.approx((718 + 20) * 60.0),
    ]
    (asked,), (begun,) = played.rows(Fact.COUNT_ASKED), played.rows(Fact.COUNT_STARTED)
    assert asked.time_s == NOON_S
    assert begun.time_s == pytest.approx((718 + 20) * 60.0)


@pytest.mark.parametrize("role", ["receivers", "replenishers", "clerks"])
@pytest.mark.usefixtures("at_noon")
def test_who_counts(hand: Hand, role: str) -> None:
    """The work of a count is that of the role that the scenario names."""
    played = hand.play(
        [(0.0, [(1, 1)])],
        sections=with_records({**EVERY_DAY, "counted_by": role}),
        stock=[5, 9, 9, 9],
    )

    (begun,), (counted,) = played.rows(Fact.COUNT_STARTED), played.rows(Fact.COUNTED)
    worked = [row for row in played.rows(Fact.WORKED) if row.subject == begun.other]
    assert [(row.time_s, row.value) for row in worked] == [(counted.time_s, COUNT_S + 5 * UNIT_S)]


def test_counted_when_the_last_booked_unit_is_picked(hand: Hand) -> None:
    """2 of 2 are picked: the empty place is counted, for the walk alone."""
    played = hand.play(
        [(0.0, [(0, 2)]), (HOUR_S, [(1, 2)])],
        sections=with_records({"count_when_zero": True}),
        stock=[2, 9, 9, 9],
        levels=NOTHING_BOUGHT,
    )

    assert told(played, Fact.COUNT_ASKED, Fact.COUNTED) == [
        (PICK_S, Fact.COUNT_ASKED, 0, 0, CountCause.ZERO),
        (PICK_S + COUNT_S, Fact.COUNTED, 0, 0, 0.0),
    ]


def test_a_short_pick_has_the_place_counted(hand: Hand, luck: Luck) -> None:
    """Found too few and mended: the house counts again, once, and finds what was misput."""
    luck.vanish = [(50.0, 0)]

    played = hand.play(
        [(100.0, [(0, 2)])],
        sections=with_records(CAN_VANISH | {"count_when_zero": True}),
        stock=[2, 9, 9, 9],
        levels=NOTHING_BOUGHT,
    )

    assert told(played, Fact.COUNT_ASKED, Fact.COUNTED) == [
        (100.0 + PICK_S, Fact.COUNT_ASKED, 0, 1, CountCause.SHORT_PICK),
        (100.0 + PICK_S + COUNT_S + UNIT_S, Fact.COUNTED, 0, 1, 1.0),
    ]


# at the start, receipts and returns


def test_books_may_be_wrong_at_the_start(hand: Hand) -> None:
    """All of them, by one unit; where nothing lies they can only say too much."""
    played = hand.play(
        [(0.0, [(1, 1)])],
        sections=with_records({"opening_wrong_share": 1.0, "miscount_max_units": 1}),
        stock=[5, 9, 9, 0],
        levels=NOTHING_BOUGHT,
    )

    wrong = told(played, Fact.MISCOUNTED)
    assert [(row[0], row[2], abs(row[3])) for row in wrong][:3] == [(0.0, k, 1) for k in range(3)]
    assert [row[3] for row in wrong[3:]] in ([], [1])


@pytest.mark.parametrize(("uniform", "off"), [(0.0, -1), (0.9, 1)])
def test_a_receipt_is_booked_wrong(hand: Hand, luck: Luck, uniform: float, off: int) -> None:
    """4 come, 3 or 5 are booked."""
    luck.always(uniform)

    played = hand.play(
        [(0.0, [(0, 4)])],
        sections=with_records(
            {"miscount_receipt_share": 1.0, "miscount_max_units": 1}, {"run": {"horizon_days": 3.0}}
        ),
        stock=[9, 9, 9, 9],
        levels=(5, 9),
    )

    assert told(played, Fact.MISCOUNTED) == [(2 * DAY_S, Fact.MISCOUNTED, 0, off, 0.0)]
    assert closing(played) == (9, 9 + off, 9.0)


def test_who_waits_for_a_unit_that_was_not_booked_is_not_forgotten(hand: Hand, luck: Luck) -> None:
    """2 bought for an order of 2, one booked: one more is bought at once, and fills it."""
    luck.always(0.0)
    bought_if_waited_for = {"stock": {"reorder_point": -1, "order_up_to": 0}}

    played = hand.play(
        [(0.0, [(0, 2)])],
        sections=with_records(
            {"miscount_receipt_share": 1.0, "miscount_max_units": 1}, bought_if_waited_for
        ),
        stock=[0, 9, 9, 9],
        levels=(-1, 0),
        patience_s=50 * DAY_S,
    )

    bought = told(played, Fact.PURCHASED)
    assert [row[0] for row in bought][:2] == [0.0, 2 * DAY_S]
    assert bought[1][3] == 1


def test_returned_goods_are_booked_wrong(hand: Hand, luck: Luck) -> None:
    """Two come back and are restocked as one."""
    luck.always(0.0)

    played = hand.play(
        [(0.0, [(0, 2)])],
        sections=with_records({"miscount_return_share": 1.0, "miscount_max_units": 1}),
        stock=[9, 9, 9, 9],
        levels=NOTHING_BOUGHT,
        return_u=0.0,
    )

    (wrong,) = told(played, Fact.MISCOUNTED)
    assert wrong[3] == -1
    assert wrong[0] == played.rows(Fact.RESTOCKED)[0].time_s
    assert closing(played) == (9, 8, 9.0)


# what channels show


def test_each_channel_shows_its_own_figure(hand: Hand) -> None:
    """The web shows yesterday's figure and oversells; the phone shows what there is.

    One unit: order 0 takes it. On the web order 1 buys what is gone, order 2 by phone is refused;
    a day later the web knows.
    """
    channels = {
        "web": {"share": 1.0, "sync_min": 24 * 60.0},
        "phone": {"share": 0.0, "entry": "automated", "sync_min": 0.0},
    }

    played = hand.play(
        [(60.0, [(0, 1)]), (120.0, [(0, 1)]), (180.0, [(0, 1)]), (DAY_S + 60.0, [(0, 1)])],
        channel=[0, 0, 1, 0],
        stock=[1, 9, 9, 9],
        levels=NOTHING_BOUGHT,
        sections=merged(TURN_AWAY, {"orders": {"channels": channels}}),
    )

    LawBook(played).check()
    assert [(row.subject, row.value) for row in played.rows(Fact.CANCELLED)] == [
        (1, CancelReason.OVERSOLD),
        (2, CancelReason.TURNED_AWAY),
        (3, CancelReason.TURNED_AWAY),
    ]


def test_a_channel_without_a_lag_of_its_own_has_that_of_the_stock(hand: Hand) -> None:
    """stock.sync_min holds where a channel says nothing, and 0 takes it back."""
    phone = {"share": 0.0, "entry": "automated", "sync_min": 0.0}
    channels = {"web": {"share": 1.0}, "phone": phone}

    played = hand.play(
        [(60.0, [(0, 1)]), (120.0, [(0, 1)]), (180.0, [(0, 1)])],
        channel=[0, 0, 1],
        stock=[1, 9, 9, 9],
        levels=NOTHING_BOUGHT,
        sections=merged(TURN_AWAY, {"orders": {"channels": channels}, "stock": {"sync_min": 60.0}}),
    )

    assert [(row.subject, row.value) for row in played.rows(Fact.CANCELLED)] == [
        (1, CancelReason.OVERSOLD),
        (2, CancelReason.TURNED_AWAY),
    ]


def test_channels_of_one_lag_are_updated_together() -> None:
    """One update for two channels of an hour; none for the one in real time."""
    assert channels_by_lag([60.0, 0.0, 5.0, 60.0]) == {60.0: [0, 3], 5.0: [2]}


def test_channels_show_the_books_not_the_shelf(hand: Hand, luck: Luck) -> None:
    """The last unit is gone; the books sell it, and the picker is the one who finds out."""
    luck.vanish = [(50.0, 0)]

    played = hand.play([(100.0, [(0, 1)])], sections=with_records(CAN_VANISH), stock=[1, 9, 9, 9])

    assert [row[4] for row in told(played, Fact.SHORT)] == [ShortAnswer.OVERSOLD]


# the books are the shelf


def test_books_and_shelf_are_one_list_by_default(hand: Hand, monkeypatch: Any) -> None:
    """Where no key of records is set, nothing is kept twice and nothing more is told."""
    kept: list[House] = []
    monkeypatch.setattr("sim.engine.model.assert_always_true", kept.append)

    played = hand.play([(0.0, [(0, 1)])], stock=[5] * 4)

    assert kept[0].stock.shelf is kept[0].stock.on_hand
    assert not [row for row in played.rows() if 110 <= row.fact <= 119]
