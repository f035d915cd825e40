from __future__ import annotations

import csv
import math
from functools import cache

import pytest

from sim.experiments.validation import case_file
from tests.theory.exact_cases import (
    many_stations,
    one_station,
    periodic_stock,
    ranks,
    returned,
    stock,
    transient,
)
from tests.theory.exact_cases.agreement import EXACT, agree
from tests.theory.exact_cases.all_cases import FILE, rows
from tests.theory.exact_cases.laws import deterministic, exponential, gamma, lognormal
from tests.theory.exact_cases.many_stations import Nodes
from tests.theory.exact_cases.other_cases import always


@cache
def computed() -> tuple[dict[str, str], ...]:
    """Return the rows that the generator computes."""
    return tuple(rows())


def test_the_file_is_what_its_generator_computes() -> None:
    """The file is what its generator computes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert len(written) == len(computed())
    for row, fresh in zip(written, computed(), strict=True):
        assert float(row["expected"]) == pytest.approx(float(fresh["expected"]), rel=EXACT)
        assert row | {"expected": ""} == fresh | {"expected": ""}


def test_the_file_can_be_read_and_asks_for_what_can_be_met() -> None:
    """The file can be read and asks for what can be met."""
    cases = case_file.read_cases(FILE)
    assert len({case.name for case in cases}) == len(cases)
    for row in computed():
        assert 0.0 < float(row["expected"]) < math.inf, row
        assert 0.001 <= float(row["max_rel_hw"]) <= 0.05, row


# --- the built-in cases: two ways to the same figure ----------------------------------------------


def built_in(name: str) -> dict[str, float]:
    """Return the expected figures of a built-in case."""
    return {
        row.metric: row.expected
        for case in case_file.built_in_cases()
        if case.name == name
        for row in case.rows
    }


def test_built_in_queues() -> None:
    """The built-in queues have the figures that are computed here."""
    queue = one_station.m_m_c(0.8, 1, 1.0) | one_station.m_m_c_tail(0.8, 1, 1.0, 10.0)
    agree(queue, built_in("V01"))
    queue = one_station.m_m_c(4.0, 6, 1.25) | one_station.m_m_c_tail(4.0, 6, 1.25, 1.0)
    agree(queue, built_in("V02"))
    agree(one_station.m_g_1(0.7, lognormal(1.0, 1.5)), built_in("V04"))
    classes = (("express", 0.3, exponential(1.0)), ("standard", 0.45, exponential(1.2)))
    agree(ranks.non_preemptive(classes), built_in("V05"))


def test_built_in_network_and_batches() -> None:
    """The built-in network and batches have the figures that are computed here."""
    nodes: Nodes = (
        ("pick", 3, exponential(2.0 / 0.9)),
        ("pack", 2, exponential(1.0 / 0.7)),
        ("ship", 1, exponential(2.0 / 3.0)),
    )
    routing = {"pick": {"pack": 1.0}, "pack": {"pick": 0.1, "ship": 0.9}}
    agree(many_stations.network({"pick": 1.0}, nodes, routing), built_in("V06"))
    agree(many_stations.batches(1.0, 4, 1, exponential(3.2)), built_in("V11"))


def test_built_in_day() -> None:
    """The built-in day of steps has the figures that are computed here."""
    rate = ((0.0, 60.0, 120.0, 240.0, 360.0, 480.0), (1.0, 2.2, 2.9, 1.6, 2.6))
    day = transient.exponential_station(rate, always(6.0), 2.0, (120.0, 240.0, 480.0))
    agree(day, built_in("V07"), rel=1e-8)


def test_built_in_stock() -> None:
    """The built-in stock has the figures that are computed here."""
    agree(stock.base_stock_lost(7, 10.0, deterministic(0.5)), built_in("V03"))
    agree(stock.base_stock(9, 4.0, gamma(1.75, 0.8)), built_in("V08"))
    costs = {"holding": 0.25, "backorder": 5.0, "fixed_order": 8.0}
    agree(stock.fixed_quantity(6, 38, 20.0, 0.4, costs), built_in("V09"))
    costs = {"holding": 1.0, "backorder": 4.0, "fixed_order": 5.0}
    usual = "review-receive-demand-cost"
    agree(periodic_stock.by_period(4, 10, 6.0, 0, costs, usual), built_in("V10"))


def test_built_in_returns() -> None:
    """The built-in returns have the figures that are computed here."""
    agree(returned.returns(12.0, 0.18, exponential(14.0), 90.0), built_in("V12"))
    lines = {"type": "one_plus_poisson", "mean_extra": 1.7}
    agree(returned.accuracy(lines, 0.02, 0.6), built_in("V12"))
