"""Parts of the lead time of shipments that are not picked in one go, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kpis.balance import balance
from sim.kpis.lead_parts import PARTS
from sim.log.facts import Fact
from tests.sim.kpis.journal import HOUR, Journal, demand_of

Step = tuple[float, Fact] | tuple[float, Fact, float]


def parts_of(steps: Sequence[Step]) -> dict[str, float]:
    """Return the parts, h, of an order that is released at 0 and leaves 1 h after it is packed.

    Steps are given as hour, fact and, for some, hours: of the walk, of the wait at the put wall, or
    from the first zone's start to the last's. The door is reached an hour after the truck.
    """
    journal = Journal(demand_of([(0.0, [(0, 1, 2000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.ALLOCATED, 0)
    journal.note(0.0, Fact.RELEASED, 0)
    for hour, fact, *value in steps:
        journal.note(hour * HOUR, fact, 0, 0, value[0] * HOUR if value else 0.0)
    packed_h = steps[-1][0]
    journal.note((packed_h + 1) * HOUR, Fact.HANDED_OVER, 0, 0, 100.0)
    journal.note((packed_h + 2) * HOUR, Fact.DELIVERED, 0)
    journal.note((packed_h + 1) * HOUR, Fact.CAPTURED, 0, 0, 2000.0)

    kpis = journal.kpis()

    assert balance(journal.tables()).faults == ()
    hours = {part: kpis[f"{part}_mean_h"] or 0.0 for part in PARTS}
    assert sum(hours.values()) == pytest.approx(packed_h + 2)
    assert [hours.pop("wait_carrier"), hours.pop("transit")] == pytest.approx([1.0, 1.0])
    return {part: hour for part, hour in hours.items() if abs(hour) > 1e-9}


def test_a_tote_that_is_passed_on() -> None:
    """Each zone has its wait, its walk and its pick; between them the tote is on its way."""
    found = parts_of(
        [
            (1, Fact.PICK_STARTED), (2, Fact.PART_PICKED, 0.1),
            (2.5, Fact.REJOINED),
            (4, Fact.PICK_STARTED), (6, Fact.PICKED, 0.2),
            (7, Fact.PACK_STARTED), (8, Fact.PACKED),
        ]
    )  # fmt: skip

    assert found == pytest.approx(
        {
            "wait_pick": 1 + 1.5, "walk": 0.3, "pick": 0.9 + 1.8, "consolidate": 0.5,
            "wait_pack": 1, "pack": 1,
        }
    )  # fmt: skip


def test_zones_that_are_picked_at_once() -> None:
    """The zone that ends last is the order's: its wait, its walk, its pick; then the put wall."""
    found = parts_of(
        [
            # the first zone begins at 1 h, the one that ends last at 3 h
            (1, Fact.PICK_STARTED), (5, Fact.ZONES_JOINED, 2), (5, Fact.PICKED, 0.2),
            (6.5, Fact.CONSOLIDATED, 1.5),
            (7, Fact.PACK_STARTED), (8, Fact.PACKED),
        ]
    )  # fmt: skip

    assert found == pytest.approx(
        {"wait_pick": 3, "walk": 0.2, "pick": 1.8, "consolidate": 1.5, "wait_pack": 0.5, "pack": 1}
    )


def test_a_shipment_that_waits_for_a_line_found_short() -> None:
    """The day between the two tours is spent apart, neither picking nor waiting for a picker."""
    found = parts_of(
        [
            (1, Fact.PICK_STARTED), (2, Fact.PART_PICKED, 0.5),
            (26, Fact.REJOINED),
            (27, Fact.PICK_STARTED), (28, Fact.PICKED, 0.25),
            (28, Fact.PACK_STARTED), (29, Fact.PACKED),
        ]
    )  # fmt: skip

    assert found == pytest.approx(
        {"wait_pick": 2, "walk": 0.75, "pick": 1.25, "consolidate": 24, "pack": 1}
    )


def test_a_rest_that_is_given_up() -> None:
    """Nothing is left to pick: the second go takes no time, and the wait for it counts as apart."""
    found = parts_of(
        [
            (1, Fact.PICK_STARTED), (2, Fact.PART_PICKED, 0.5),
            (10, Fact.REJOINED), (10, Fact.PICK_STARTED), (10, Fact.PICKED),
            (12, Fact.PACK_STARTED), (13, Fact.PACKED),
        ]
    )  # fmt: skip

    assert found == pytest.approx(
        {"wait_pick": 1, "walk": 0.5, "pick": 0.5, "consolidate": 8, "wait_pack": 2, "pack": 1}
    )


@dataclass(frozen=True)
class Go:
    """One go at picking; gaps in hours. ``later``: how much later the last zone began."""

    wait: float
    later: float
    walk: float
    pick: float
    apart: float


GAP = st.floats(0.0, 1e3, allow_nan=False)
GOES = st.lists(st.builds(Go, GAP, GAP, GAP, GAP, GAP), min_size=1, max_size=3)


@given(st.lists(st.tuples(GOES, GAP, GAP), min_size=1, max_size=3))
def test_parts_are_the_sums_of_the_gaps(cycles: list[tuple[list[Go], float, float]]) -> None:
    """However many goes, zones and packings: each part is what its gaps add up to."""
    steps: list[Step] = []
    now = 0.0
    for cycle, (goes, wait_pack, pack) in enumerate(cycles):
        for place, go in enumerate(goes):
            last = place == len(goes) - 1
            now += go.wait
            steps.append((now, Fact.PICK_STARTED))
            now += go.later + go.walk + go.pick
            steps.append((now, Fact.ZONES_JOINED, go.later))
            steps.append((now, Fact.PICKED if last else Fact.PART_PICKED, go.walk))
            now += go.apart
            steps.append((now, Fact.CONSOLIDATED, go.apart) if last else (now, Fact.REJOINED))
        now += wait_pack
        steps.append((now, Fact.PACK_STARTED))
        now += pack
        steps.append((now, Fact.PACKED if cycle == len(cycles) - 1 else Fact.REWORK))
    all_goes = [go for goes, _, _ in cycles for go in goes]

    found = parts_of(steps)

    expected = {
        "wait_pick": sum(go.wait + go.later for go in all_goes),
        "walk": sum(go.walk for go in all_goes),
        "pick": sum(go.pick for go in all_goes),
        "consolidate": sum(go.apart for go in all_goes),
        "wait_pack": sum(wait for _, wait, _ in cycles),
        "pack": sum(pack for _, _, pack in cycles),
    }
    for part, hours in expected.items():
        assert found.get(part, 0.0) == pytest.approx(hours, abs=1e-6)
