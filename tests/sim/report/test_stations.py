"""The section on stations: one row a station, shares of sums over all replications."""

from __future__ import annotations

import pytest

from sim.report.sections import sections
from sim.report.stations_section import stations_section
from tests.sim.report.example import empty, example


def test_a_row_a_station() -> None:
    """Waits of 70, 77 and 84 min in sevens; 40 and 20 of 100 min; 2 and 1 of 10; 180 of 200 up."""
    (row,) = stations_section(example("wrap")).tables[0].rows

    assert row[0] == "wrap"
    assert list(row[1:]) == pytest.approx([10, 11, 40, 20, 20, 10, 3, 90])


def test_without_stations_there_is_no_section() -> None:
    """A house without stations says nothing of them."""
    assert "stations" not in [each.anchor for each in sections(empty(example()))]
