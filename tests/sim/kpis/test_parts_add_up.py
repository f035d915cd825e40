from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.kpis.account import Account
from sim.kpis.balance import balance
from sim.kpis.ends import DELIVERED
from sim.kpis.lead_parts import PARTS, clock_times
from sim.kpis.registry import compute
from sim.log.facts import Fact, ShortAnswer, SplitKind
from tests.sim.kpis.journal import Journal, demand_of, plain_scenario

GAP = st.floats(0.0, 1e6, allow_nan=False)


@dataclass
class Leg:
    """Gaps between the steps of a leg; a pass is (wait, walk, pick, wait, pack)."""

    kind: int  # 0 own shipment, else a SplitKind
    stock: float
    release: float
    passes: list[tuple[float, float, float, float, float]]
    carrier: float
    transit: float


@dataclass
class Life:
    """An order: when it is placed, entered, paid, and its legs."""

    placed_s: float
    entry: float
    payment: float
    legs: list[Leg] = field(default_factory=list)


LEGS = st.builds(
    Leg,
    kind=st.just(0),
    stock=GAP,
    release=GAP,
    passes=st.lists(st.tuples(GAP, GAP, GAP, GAP, GAP), min_size=1, max_size=3),
    carrier=GAP,
    transit=GAP,
)
FURTHER = st.lists(st.tuples(st.sampled_from(sorted(SplitKind)), LEGS), max_size=2)


@st.composite
def lives(draw: st.DrawFn) -> list[Life]:
    """Up to six orders, each with its own leg and perhaps a rest, a dropship leg, a replacement."""
    orders = []
    for placed_s in sorted(draw(st.lists(GAP, min_size=1, max_size=6))):
        life = Life(placed_s, draw(GAP), draw(GAP), [draw(LEGS)])
        for kind, leg in dict(draw(FURTHER)).items():
            leg.kind = int(kind)
            life.legs.append(leg)
        orders.append(life)
    return orders


def written(orders: list[Life]) -> tuple[Journal, list[tuple[float, dict[str, float]]]]:
    """Return the log of the orders, and lead time and parts of each by adding up its gaps."""
    # Line 0 travels with the own leg, line 1 with the rest, line 2 with the dropship leg.
    lines = [[(0, 1, 100), (1, 1, 100), (2, 1, 100)][: _lines(life)] for life in orders]
    journal = Journal(demand_of([(o.placed_s, of) for o, of in zip(orders, lines, strict=True)]))
    number = len(orders)
    truth = []
    for order, life in enumerate(orders):
        journal.note(life.placed_s, Fact.PLACED, order)
        entered_s = life.placed_s + life.entry
        journal.note(entered_s, Fact.ENTERED, order)
        paid_s = entered_s + life.payment
        journal.note(paid_s, Fact.PAID, order)
        first_line = int(journal.demand.first_line[order])
        ends: list[tuple[float, float, dict[str, float]]] = []
        for leg in life.legs:
            shipment = order
            if leg.kind:
                shipment = number
                number += 1
                journal.note(paid_s, Fact.SPLIT, shipment, order, leg.kind)
            line = first_line
            if leg.kind == SplitKind.BACKORDER:
                line = first_line + 1
                journal.note(paid_s, Fact.SHORT, line, 1, ShortAnswer.BACKORDER)
            if leg.kind == SplitKind.DROPSHIP:
                line = first_line + _lines(life) - 1
                journal.note(paid_s, Fact.SHORT, line, 1, ShortAnswer.DROPSHIP)
            if leg.kind == SplitKind.REPLACEMENT:
                journal.note(paid_s, Fact.RETURN_ASKED, line, 0, 1)
                journal.note(paid_s, Fact.REPLACED, line, shipment)
            start_s = paid_s
            if leg.kind == SplitKind.EXCHANGE:  # line 0 has come with the own leg
                start_s = ends[0][0]
                journal.note(start_s, Fact.RETURN_ASKED, line, 0, 1)
                journal.note(start_s, Fact.EXCHANGED, line, shipment, 0)
            parts = dict.fromkeys(PARTS, 0.0)
            parts |= {"wait_entry": life.entry, "wait_payment": life.payment}
            end_s, left_s = _travel(journal, leg, shipment, line, start_s, parts)
            if leg.kind not in (SplitKind.REPLACEMENT, SplitKind.EXCHANGE):
                ends.append((end_s, left_s, parts))
        end_s, _, parts = max(ends, key=lambda end: end[:2])
        truth.append((end_s - life.placed_s, parts))
    return journal, truth


def _lines(life: Life) -> int:
    return 1 + sum(leg.kind in (SplitKind.BACKORDER, SplitKind.DROPSHIP) for leg in life.legs)


def _travel(
    journal: Journal, leg: Leg, shipment: int, line: int, paid_s: float, parts: dict[str, float]
) -> tuple[float, float]:
    now_s = paid_s + leg.stock
    parts["wait_stock"] = leg.stock
    if leg.kind == SplitKind.DROPSHIP:
        journal.note(now_s, Fact.SENT_BY_SUPPLIER, shipment)
    else:
        now_s = _through_the_house(journal, leg, shipment, line, now_s, parts)
        journal.note(now_s, Fact.HANDED_OVER, shipment, 0, 1000.0)
    parts["transit"] = leg.transit
    journal.note(now_s + leg.transit, Fact.DELIVERED, shipment)
    return now_s + leg.transit, now_s


def _through_the_house(
    journal: Journal, leg: Leg, shipment: int, line: int, now_s: float, parts: dict[str, float]
) -> float:
    journal.note(now_s, Fact.ALLOCATED, shipment)
    now_s += leg.release
    parts["wait_release"] = leg.release
    journal.note(now_s, Fact.RELEASED, shipment)
    for turn, (wait, walk, pick, wait_pack, pack) in enumerate(leg.passes, 1):
        last = turn == len(leg.passes)
        now_s += wait
        journal.note(now_s, Fact.PICK_STARTED, shipment, 0)
        now_s += walk + pick
        journal.note(now_s, Fact.LINE_PICKED, line, 1, 0.0 if last else 1.0)
        journal.note(now_s, Fact.PICKED, shipment, 0, walk)
        now_s += wait_pack
        journal.note(now_s, Fact.PACK_STARTED, shipment, 0)
        now_s += pack
        if not last:
            journal.note(now_s, Fact.LINE_MENDED, line, 1, 1.0)
        journal.note(now_s, Fact.PACKED if last else Fact.REWORK, shipment, 0)
        for part, gap in zip(
            ("wait_pick", "walk", "pick", "wait_pack", "pack"),
            (wait, walk, pick, wait_pack, pack),
            strict=True,
        ):
            parts[part] += gap
    now_s += leg.carrier
    parts["wait_carrier"] = leg.carrier
    return now_s


@settings(max_examples=60, deadline=None)
@given(lives(), st.integers(1, 40))
def test_parts_are_the_gaps_and_add_up_to_the_lead_time(orders: list[Life], size: int) -> None:
    """Whatever an order goes through, each part is the sum of its gaps, and all parts add up."""
    journal, truth = written(orders)
    account = Account(journal.tables(size=size), plain_scenario())

    times = clock_times(account.tables, np.arange(len(orders)), account.ends.last_leg)
    total = np.sum([times.part_s(part) for part in PARTS], axis=0)
    assert (account.ends.state == DELIVERED).all()
    for order, (lead_s, parts) in enumerate(truth):
        assert times.lead_s[order] == pytest.approx(lead_s, abs=1e-6)
        assert total[order] == pytest.approx(lead_s, abs=1e-6)
        for part, gap in parts.items():
            assert times.part_s(part)[order] == pytest.approx(gap, abs=1e-6), part


@settings(max_examples=40, deadline=None)
@given(lives(), st.integers(1, 40))
def test_chunk_boundaries_change_nothing(orders: list[Life], size: int) -> None:
    """The same log, cut into chunks of any size, gives the same KPIs to the last bit."""
    journal, _ = written(orders)

    assert journal.kpis(size=size) == journal.kpis()


@settings(max_examples=40, deadline=None)
@given(lives())
def test_the_balance_of_a_sound_log_holds(orders: list[Life]) -> None:
    """No sound sequence of facts breaks the balance, and every unit ends in exactly one way."""
    journal, _ = written(orders)
    found = balance(journal.tables())

    assert found.faults == ()
    assert found.placed == found.delivered == len(orders)
    ends = found.units_shipped + found.units_dropshipped
    assert found.units == ends == journal.demand.lines


def test_undefined_is_none_and_never_nan() -> None:
    """An empty log leaves every mean and share undefined, and no KPI is NaN."""
    journal = Journal(demand_of([]))
    kpis = compute(journal.tables(), plain_scenario())

    assert kpis["order_lead_time_mean_h"] is None
    assert kpis["rate_of_return"] is None
    assert [
        name for name, value in kpis.items() if value is not None and not np.isfinite(value)
    ] == []
