"""The rules that end a run with an error do end it."""

from __future__ import annotations

from typing import Any

import pytest

from sim.engine import model
from sim.engine.always_true import assert_always_true
from sim.errors import BalanceError
from sim.stages.backorders import Waiting
from sim.stages.house import House
from sim.stages.order import Line, Shipment
from sim.stages.records import DriftingStock
from tests.sim.engine.playing import record, scenario_of


def played_house(monkeypatch: pytest.MonkeyPatch, **sections: Any) -> House:
    """Return a house after its last order."""
    houses: list[House] = []
    monkeypatch.setattr(model, "assert_always_true", houses.append)
    run = {"warm_up_days": 0.0, "horizon_days": 1.0, "cool_down_days": 0.0}
    record(scenario_of(run=run, orders={"per_day": 30.0}, items={"count": 5}, **sections))
    assert_always_true(houses[0])
    return houses[0]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A house after its last order."""
    return played_house(monkeypatch)


@pytest.fixture
def house_with_faces(monkeypatch: pytest.MonkeyPatch) -> House:
    """The same with pick faces and one dock door."""
    return played_house(
        monkeypatch,
        inbound={"process": "step_by_step", "dock_doors": 1},
        pick_faces={"used": True},
        people={"cross_training": {"pickers": ["replenishers"]}},
    )


def test_reservation_that_stays_is_refused(house: House) -> None:
    """A unit reserved after the last order was forgotten by somebody."""
    house.stock.reserved[3] += 1

    with pytest.raises(BalanceError, match="SKU-00004: 1 units stay reserved"):
        assert_always_true(house)


def test_backorders_that_are_counted_wrong_are_refused(house: House) -> None:
    """Somebody waits for three units, and the count says none."""
    line = Line(0, 2, 3, 100, 0.0, 0, False, False, 0)
    house.stock.queues.join(house, Waiting(line, Shipment.__new__(Shipment)))
    house.stock.queues.units[2] = 0

    with pytest.raises(BalanceError, match="SKU-00003: 3 units are waited for, 0 counted"):
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


def drifting_house(monkeypatch: pytest.MonkeyPatch) -> tuple[House, DriftingStock]:
    """Return a house whose books may be other than the shelf, after its last order."""
    house = played_house(monkeypatch, records={"shrinkage_units_per_sku_day": 0.5})
    assert isinstance(house.stock, DriftingStock)
    return house, house.stock


def test_books_may_say_less_than_is_reserved_but_not_less_than_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where books are mended: 1 with 2 reserved while orders are open; never -1."""
    house, stock = drifting_house(monkeypatch)
    house.lives_open = 1
    stock.on_hand[0], stock.reserved[0] = 1, 2
    assert_always_true(house)

    stock.on_hand[0] = -1
    with pytest.raises(BalanceError, match="SKU-00001: -1 on hand, 2 reserved"):
        assert_always_true(house)


def test_a_shelf_below_zero_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The books may be wrong, the shelf cannot."""
    house, stock = drifting_house(monkeypatch)
    stock.shelf[2] = -1

    with pytest.raises(BalanceError, match="SKU-00003: -1 on the shelf"):
        assert_always_true(house)


def test_line_that_breaks_littles_law_is_refused(house: House) -> None:
    """A second that nobody waited is found in the packers' line."""
    house.staff.lines[2].waits_s += 1.0

    with pytest.raises(BalanceError, match="line of packers"):
        assert_always_true(house)


def test_dock_that_breaks_littles_law_is_refused(house_with_faces: House) -> None:
    """A second that no truck waited is found in the line before the doors."""
    assert house_with_faces.inbound is not None
    assert house_with_faces.inbound.docks is not None
    house_with_faces.inbound.docks.waits_s += 1.0

    with pytest.raises(BalanceError, match="line of dock doors"):
        assert_always_true(house_with_faces)


@pytest.mark.parametrize("column", ["face", "claimed", "reserve", "on_cart"])
def test_unit_that_lies_nowhere_is_refused(house_with_faces: House, column: str) -> None:
    """Face, claims, reserve and carts together are what is on hand."""
    assert house_with_faces.pick_faces is not None
    getattr(house_with_faces.pick_faces, column)[2] += 1

    with pytest.raises(BalanceError, match=r"SKU-00003: .* on hand"):
        assert_always_true(house_with_faces)


def test_face_that_nobody_tops_up_is_refused(house_with_faces: House) -> None:
    """All units of a SKU in the reserve, and nobody is asked to bring them."""
    faces = house_with_faces.pick_faces
    assert faces is not None
    faces.reserve[1] += faces.face[1]
    faces.face[1] = 0

    with pytest.raises(BalanceError, match=r"SKU-00002: .* no top-up is asked for"):
        assert_always_true(house_with_faces)
