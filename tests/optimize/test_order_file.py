"""Orders from a file: what they take, and every fault at its line and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimize.order_file import FiledOrder, read_orders
from sim.engine.setting import Setting, prepare
from sim.errors import ScenarioError
from tests.sim.experiments.small import small


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """The small shop."""
    loaded = small(tmp_path_factory.mktemp("shop"))
    return prepare(loaded.scenario, loaded.external_files)


def read(setting: Setting, folder: Path, text: str, key: str = "order") -> list[FiledOrder]:
    """Write a file and read it."""
    file = folder / "orders.csv"
    file.write_text(text, encoding="utf-8")
    return read_orders(file, setting.layout, setting.catalogue, setting.location_of_sku, key=key)


def test_lines_of_an_order_are_put_together(setting: Setting, tmp_path: Path) -> None:
    """Units add up, volume and weight come from the SKUs, rows of an order may stand apart."""
    one, two = setting.catalogue.codes[0], setting.catalogue.codes[1]
    text = f"order,sku,units\nA,{one},2\nB,{one},1\nA,{two},3\n"
    found = read(setting, tmp_path, text)
    assert [order.name for order in found] == ["A", "B"]
    assert found[0].stops == [setting.location_of_sku[0], setting.location_of_sku[1]]
    assert found[0].units == 5
    assert found[0].volume_ml == pytest.approx(
        float(np.dot([2, 3], setting.catalogue.volume_ml[:2]))
    )
    assert found[0].weight_g == pytest.approx(float(np.dot([2, 3], setting.catalogue.weight_g[:2])))


def test_locations_go_by_name_or_number(setting: Setting, tmp_path: Path) -> None:
    """Names are those of the report; a file of lists names its column ``list``."""
    text = "list,location,units\n1,aisle 1 right 1,1\n1,7,1\n"
    assert read(setting, tmp_path, text, key="list")[0].stops == [10, 7]


def test_orders_go_by_release(setting: Setting, tmp_path: Path) -> None:
    """The earliest release is first in line; equal ones as in the file."""
    text = "order,location,units,release,due\nA,1,1,09:00,12:00\nB,2,1,08:00,\nC,3,1,08:00,\n"
    found = read(setting, tmp_path, text)
    assert [order.name for order in found] == ["B", "C", "A"]
    assert found[2].due == "12:00"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("order,sku,units\nA,nothing,1\n", ":2:3", "'nothing' is not known; a SKU"),
        ("order,location,units\nA,80,1\n", ":2:3", "its number from 0 to 79"),
        ("order,location,units\nA,aisle 1 left l,1\n", ":2:3", "did you mean 'aisle 1 left"),
        ("order,location,units\nA,1,none\n", ":2:5", "'none' cannot be used; a whole number"),
        ("order,location,units\nA,1,0\n", ":2:5", "a whole number from 1"),
        ("order,location,units\n,1,1\n", ":2:1", "a name of 1 to 80 characters"),
        ("order,location,units,due\nA,1,1,25:00\n", ":2:7", "HH:MM"),
        ("order,location,units,due\nA,1,1,09:00\nA,2,1,10:00\n", ":3:7", "the same on all rows"),
        ("order,units\nA,1\n", ":1:1", "no column location or sku"),
        ("order,location,sku,units\nA,1,x,1\n", ":1:1", "both columns location and sku"),
        ("order,location,units\n", ":1:1", "no rows"),
        ("order,location,unit\nA,1,1\n", ":1:16", "did you mean 'units'?"),
        ("", ":1:1", "an empty file"),
    ],
)
def test_faults_are_said_at_their_place(
    setting: Setting, tmp_path: Path, text: str, place: str, words: str
) -> None:
    """File, line and column, what was found and what was expected."""
    with pytest.raises(ScenarioError) as refused:
        read(setting, tmp_path, text)
    said = str(refused.value)
    assert f"orders.csv{place}" in said
    assert words in said
