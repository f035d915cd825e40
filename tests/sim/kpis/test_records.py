"""Stock records: accuracy over time, phantom stock, shrinkage, counts, reckoned by hand."""

from __future__ import annotations

import pytest

from sim.kpis.balance import balance
from sim.kpis.slices import Window
from sim.log.facts import CountCause, Fact
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of, plain_scenario

TEN_DAYS = Window(0.0, 10 * DAY)
COUNTED_LATE = 9 * DAY


def journal() -> Journal:
    """Three SKUs of 10, 20 and 5 EUR, ten of each; books and shelf over ten days.

    SKU 0: a unit vanishes on day 2, another on day 4, a count on day 8 finds 8 of 10.
    SKU 1: 5 came on day 1 and were booked as 4; 2 units of them lie on a wrong place until a count
    on day 5, which finds all 15 of 14.
    SKU 2: never off; counted right on day 9. Each count was asked for an hour before its end.
    """
    log = Journal(demand_of([(0.0, [(2, 1, 1000)])]))
    log.sell(0, paid_s=0.0)
    for sku in range(3):
        log.note(0.0, Fact.STOCK_OPENED, sku, 10)
    log.note(2 * DAY, Fact.VANISHED, 0, 1)
    log.note(4 * DAY, Fact.VANISHED, 0, 1)
    log.note(1 * DAY, Fact.RECEIVED, 1, 5, 0.0)
    log.note(1 * DAY, Fact.MISPUT, 1, 2)
    log.note(1 * DAY, Fact.MISCOUNTED, 1, -1)
    for day, sku, booked, found in ((8, 0, 10, 8), (5, 1, 14, 15), (9, 2, 10, 10)):
        log.note(day * DAY - HOUR, Fact.COUNT_ASKED, sku, booked, CountCause.IN_TURN)
        if sku == 1:
            log.note(day * DAY, Fact.FOUND_AGAIN, sku, 2)
        log.note(day * DAY, Fact.COUNTED, sku, booked, found)
    return log


def closed(log: Journal, booked_of_0: int = 8) -> Journal:
    """Return the log with its end after ten days."""
    for sku, (house, booked) in enumerate(((8, booked_of_0), (15, 15), (10, 10))):
        log.note(10 * DAY, Fact.STOCK_CLOSED, sku, house)
        log.note(10 * DAY, Fact.RECORD_CLOSED, sku, booked, house)
    return log


def test_accuracy_is_a_time_average() -> None:
    """Wrong: SKU 0 for 6 days (2 of them by one unit), SKU 1 for 4 days by +1 = 2 - 1: 10 of 30."""
    kpis = closed(journal()).kpis(TEN_DAYS)

    assert kpis["record_accuracy_rate"] == pytest.approx(1 - 10 / 30)
    assert kpis["phantom_stock_rate"] == pytest.approx(10 / 30)
    assert kpis["record_deviation_mean_units"] == pytest.approx((2 * 1 + 4 * 2 + 4 * 1) / 30)


def test_what_was_off_before_the_window_is_off_in_it() -> None:
    """From day 4.5 to day 5: SKU 0 by two units, SKU 1 by one, SKU 2 by none."""
    kpis = closed(journal()).kpis(Window(4.5 * DAY, 5 * DAY))

    assert kpis["record_accuracy_rate"] == pytest.approx(1 / 3)
    assert kpis["record_deviation_mean_units"] == pytest.approx(3 / 3)


def test_accuracy_by_value() -> None:
    """Off at cost, EUR-days: SKU 0 2 x 10 + 4 x 20, SKU 1 4 x 20; in the house 3,840.

    Units: SKU 0 10 for 2 days, 9 for 2, 8 for 6; SKU 1 10 for 1 day, 15 for 9; SKU 2 10.
    """
    kpis = closed(journal()).kpis(TEN_DAYS)

    house = 10 * (10 * 2 + 9 * 2 + 8 * 6) + 20 * (10 + 15 * 9) + 5 * 100
    assert kpis["record_accuracy_value_rate"] == pytest.approx(1 - (20 + 80 + 80) / house)


def test_what_counts_find() -> None:
    """Three counts, one of them right; the two others mended the books; nobody else did."""
    kpis = closed(journal()).kpis(TEN_DAYS)

    assert kpis["record_accuracy_at_counts_rate"] == pytest.approx(1 / 3)
    assert kpis["counts_per_day"] == pytest.approx(3 / 10)
    assert kpis["records_mended_by_counts_per_day"] == pytest.approx(2 / 10)
    assert kpis["records_mended_by_picks_per_day"] == 0.0
    assert kpis["found_again_units"] == 2.0


def test_hours_of_counting_are_those_of_the_rules() -> None:
    """100 s each and 3 s for each of 10, 14 and 10 booked units; a later window sees the last."""
    rules = {"count_s_per_sku": 100.0, "count_s_per_unit": 3.0}
    scenario = plain_scenario(records=rules)

    whole = closed(journal()).kpis(TEN_DAYS, scenario)
    late = closed(journal()).kpis(Window(COUNTED_LATE, COUNTED_LATE + DAY), scenario)

    assert whole["count_h_per_day"] == pytest.approx((300 + 3 * 34) / 3600 / 10)
    assert late["count_h_per_day"] == pytest.approx(130 / 3600)


def test_a_sku_is_counted_again_with_its_own_asking() -> None:
    """SKU 2 is asked for with 4 units after its first count: the second one takes 4 units' work."""
    log = journal()
    log.note(9.5 * DAY, Fact.COUNT_ASKED, 2, 4, CountCause.ZERO)
    log.note(9.6 * DAY, Fact.COUNTED, 2, 10, 10)
    scenario = plain_scenario(records={"count_s_per_sku": 0.0, "count_s_per_unit": 1.0})

    kpis = closed(log).kpis(Window(9.5 * DAY, 10 * DAY), scenario)

    assert kpis["count_h_per_day"] == pytest.approx(4 / 3600 / 0.5)


def test_what_vanished_costs_its_purchase_price_and_the_margin() -> None:
    """Two units of 10 EUR; one of them after day 3."""
    whole, plain = closed(journal()).kpis(TEN_DAYS), plain_margin()
    late = closed(journal()).kpis(Window(3 * DAY, 10 * DAY))

    assert (whole["shrinkage_units"], whole["shrinkage_eur"]) == (2.0, 20.0)
    assert (late["shrinkage_units"], late["shrinkage_eur"]) == (1.0, 10.0)
    assert whole["margin_eur"] == pytest.approx(plain - 20.0)


def plain_margin() -> float:
    """Return the margin of the same sale without records."""
    log = Journal(demand_of([(0.0, [(2, 1, 1000)])]))
    log.sell(0, paid_s=0.0)
    margin = log.kpis(TEN_DAYS)["margin_eur"]
    assert margin is not None
    return margin


def test_a_picker_who_mends_the_books_counts() -> None:
    """From 8 to 7 in the books of SKU 0 on the last day; 6 lay there."""
    log = journal()
    log.note(9.9 * DAY, Fact.RECORD_MENDED, 0, 8, 7.0)

    kpis = closed(log, booked_of_0=7).kpis(TEN_DAYS)

    assert kpis["records_mended_by_picks_per_day"] == pytest.approx(1 / 10)


def test_without_records_nothing_is_said() -> None:
    """Books and shelf are one: no value; what vanished costs nothing."""
    kpis = Journal(demand_of([(0.0, [(2, 1, 1000)])])).kpis(TEN_DAYS)

    assert kpis["record_accuracy_rate"] is None
    assert kpis["counts_per_day"] is None
    assert kpis["shrinkage_eur"] == 0.0


@pytest.mark.parametrize("size", [1, 4, 10_000])
def test_chunks_change_nothing(size: int) -> None:
    """The same figures, however the log is cut."""
    whole = closed(journal()).kpis(TEN_DAYS)
    cut = closed(journal()).kpis(TEN_DAYS, size=size)

    assert {n: v for n, v in cut.items() if "record" in n} == {
        n: v for n, v in whole.items() if "record" in n
    }


def test_the_balance_holds_and_is_missed() -> None:
    """In the house 10 - 2, 10 + 5 and 10; a unit in the books that no fact explains is found."""
    sound = [text for text in balance(closed(journal()).tables()).faults if "SKU" in text]
    broken = balance(closed(journal(), booked_of_0=9).tables()).faults

    assert sound == []
    assert any("books do not add up: SKUs (0)" in text for text in broken)
