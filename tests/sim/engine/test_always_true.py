"""The rules that end a run with an error do end it."""

from __future__ import annotations

import pytest

from sim.engine import model
from sim.engine.always_true import assert_always_true
from sim.errors import BalanceError
from sim.stages.house import House
from tests.sim.engine.playing import record, scenario_of


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A house after its last order."""
    houses: list[House] = []
    monkeypatch.setattr(model, "assert_always_true", houses.append)
    run = {"warm_up_days": 0.0, "horizon_days": 1.0, "cool_down_days": 0.0}
    record(scenario_of(run=run, orders={"per_day": 30.0}, items={"count": 5}))
    assert_always_true(houses[0])
    return houses[0]


def test_reservation_that_stays_is_refused(house: House) -> None:
    """A unit reserved after the last order was forgotten by somebody."""
    house.stock.reserved[3] += 1

    with pytest.raises(BalanceError, match="SKU-00004: 1 units stay reserved"):
        assert_always_true(house)


def test_more_reserved_than_there_is_refused(house: House) -> None:
    """Two reserved of one."""
    house.stock.on_hand[0], house.stock.reserved[0] = 1, 2

    with pytest.raises(BalanceError, match="SKU-00001: 1 on hand, 2 reserved"):
        assert_always_true(house)


def test_negative_stock_is_refused(house: House) -> None:
    """A shelf cannot hold less than nothing."""
    house.stock.on_hand[1] = -1

    with pytest.raises(BalanceError, match="SKU-00002: -1 on hand"):
        assert_always_true(house)


def test_line_that_breaks_littles_law_is_refused(house: House) -> None:
    """A second that nobody waited is found in the packers' line."""
    house.staff.lines[2].waits_s += 1.0

    with pytest.raises(BalanceError, match="line of packers"):
        assert_always_true(house)
