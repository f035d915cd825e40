"""The section on trucks: counts of all replications, truck by truck and cause by cause."""

from __future__ import annotations

from dataclasses import replace

from sim.kpis.trucks import CAUSES, CutOff
from sim.report.cells import Table
from sim.report.input import ReportInput
from sim.report.section import Section
from sim.report.trucks import trucks
from tests.sim.report.example import example


def with_cut_offs(*by_replication: list[CutOff]) -> ReportInput:
    """Return the example with other cut-offs, one list a replication."""
    report = example()
    played = tuple(
        replace(one, picture=replace(one.picture, cut_offs=cut_offs))
        for one, cut_offs in zip(report.played, by_replication, strict=False)
    )
    return replace(report, played=played)


def table(section: Section, name: str) -> Table:
    """Return one of the tables of a section."""
    return next(each for each in section.tables if each.name == name)


def test_trucks_are_pooled_over_the_replications() -> None:
    """Means of the shipments; shares of all shipments together, not means of shares."""
    section = trucks(
        with_cut_offs(
            [CutOff("dhl", "18:00", 90, {"not paid": 6, "truck full": 3})],
            [CutOff("dhl", "18:00", 10, {"truck full": 3}), CutOff("ups", "12:00", 4, {})],
        )
    )

    assert table(section, "cut_offs").rows == (
        ("dhl", "18:00", 50.0, 44.0, 6.0, 88.0),
        ("ups", "12:00", 2.0, 2.0, 0.0, 100.0),
    )
    assert table(section, "missed_trucks").rows == (
        ("dhl", "18:00", "not paid", 3.0, 50.0, 6.0),
        ("dhl", "18:00", "truck full", 3.0, 50.0, 6.0),
    )


def test_causes_stand_in_the_order_of_an_orders_life() -> None:
    """Whichever replication saw them first."""
    section = trucks(
        with_cut_offs(
            [CutOff("dhl", "18:00", 9, {"truck full": 1})],
            [CutOff("dhl", "18:00", 9, dict.fromkeys(CAUSES[:3], 1))],
        )
    )

    causes = [row[2] for row in table(section, "missed_trucks").rows]
    assert causes == [*CAUSES[:3], "truck full"]


def test_without_a_missed_truck_the_section_says_so() -> None:
    """All on the promised truck, or no truck promised: a sentence, and no table of causes."""
    all_on_it = trucks(with_cut_offs([CutOff("dhl", "18:00", 9, {})]))
    none_promised = trucks(with_cut_offs([]))

    assert [each.name for each in all_on_it.tables] == ["cut_offs"]
    assert "Every shipment" in all_on_it.figures[0].empty
    assert none_promised.tables == ()
    assert "No truck" in none_promised.figures[0].empty
