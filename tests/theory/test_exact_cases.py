from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from sim.experiments.validation import case_file
from tests.theory.exact_cases import (
    laws,
    many_stations,
    one_station,
    periodic_stock,
    ranks,
    returned,
    stock,
    transient,
)
from tests.theory.exact_cases.all_cases import FILE, rows
from tests.theory.exact_cases.laws import deterministic, exponential, gamma, lognormal
from tests.theory.exact_cases.many_stations import Nodes
from tests.theory.exact_cases.other_cases import always

EXACT = 1e-9


@cache
def computed() -> tuple[dict[str, str], ...]:
    """Return the rows that the generator computes."""
    return tuple(rows())


def agree(some: Mapping[str, float], others: Mapping[str, float], rel: float = EXACT) -> None:
    """Assert that two answers are the same in all that both of them say."""
    both = [metric for metric in some if metric in others]
    assert both
    for metric in both:
        assert some[metric] == pytest.approx(others[metric], rel=rel, abs=1e-9), metric


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


# --- one station ----------------------------------------------------------------------------------


@pytest.mark.parametrize("servers", [1, 3])
def test_what_never_bites_leaves_a_plain_queue(servers: int) -> None:
    """What never bites leaves a plain queue."""
    plain = one_station.m_m_c(0.7 * servers, servers, 1.0)
    agree(one_station.m_m_c_room(0.7 * servers, servers, 1.0), plain)
    agree(one_station.batches_m_c(0.7 * servers, {1: 1.0}, servers, 1.0), plain)
    agree(one_station.unequal(0.7 * servers, [1.0] * servers), plain)
    agree(one_station.m_e_c(0.7 * servers, servers, exponential(1.0)), plain)


def test_patience_of_any_law_is_birth_and_death_where_it_is_exponential() -> None:
    """Patience of any law is birth and death where it is exponential."""
    for rate, servers, mean, patience in ((4.0, 4, 1.0, 2.0), (0.9, 1, 1.0, 5.0)):
        agree(
            one_station.m_m_c_patience(rate, servers, mean, exponential(patience)),
            one_station.m_m_c_room(rate, servers, mean, 500, patience),
        )


def test_constant_patience_of_one_server() -> None:
    """One server and a constant patience can be worked out by hand."""
    # The offered wait v has the density lam P(0) exp((lam - mu) v) below the patience d and
    # falls by exp(-mu) beyond it: P(leaves) follows by hand.
    lam, d = 1.1, 4.0
    below = lam * (math.exp((lam - 1.0) * d) - 1.0) / (lam - 1.0)
    beyond = lam * math.exp((lam - 1.0) * d)
    answers = one_station.m_m_c_patience(lam, 1, 1.0, deterministic(d))
    assert answers["p_abandon"] == pytest.approx(beyond / (1.0 + below + beyond), rel=EXACT)
    assert answers["p_wait"] == pytest.approx(answers["util"], rel=EXACT)


def test_what_comes_in_is_served_or_leaves() -> None:
    """What comes in is served or leaves."""
    for patience in (gamma(1.0, 0.5), lognormal(3.0, 1.5), deterministic(1.5)):
        answers = one_station.m_m_c_patience(3.0, 3, 0.9, patience, [0.0])
        busy = sum(
            min(n, 3) * share for n, share in enumerate(_few(3.0, 3, 0.9, 1.0 - answers["p_wait"]))
        )
        assert 3 * answers["util"] == pytest.approx(busy + 3 * answers["p_wait"], rel=EXACT)
        assert answers["p_wait_gt:0"] == pytest.approx(answers["p_wait"], rel=EXACT)


def _few(rate: float, servers: int, mean: float, share: float) -> list[float]:
    """Return the chances of 0 .. servers - 1 customers, that add up to ``share``."""
    weight = [(rate * mean) ** n / math.factorial(n) for n in range(servers)]
    return [share * w / sum(weight) for w in weight]


def test_limited_room_before_one_server() -> None:
    """Limited room is birth and death, Erlang B, or none, where it should be."""
    for room in (1, 2, 7):
        agree(
            one_station.m_g_1_room(0.9, exponential(1.1), room),
            one_station.m_m_c_room(0.9, 1, 1.1, room),
        )
    for service in (deterministic(1.0), lognormal(1.0, 1.4), gamma(1.0, 0.5)):
        agree(
            one_station.m_g_1_room(0.9, service, 1),
            {"p_block": one_station.erlang_b(1, 0.9), "L": one_station.erlang_b(1, 0.9)},
        )
    agree(
        one_station.m_g_1_room(0.5, deterministic(1.0), 100),
        one_station.m_g_1(0.5, deterministic(1.0)),
    )


def test_constant_and_erlang_times() -> None:
    """Constant and Erlang times are Pollaczek-Khinchine before one server; tails sum to means."""
    one = one_station.m_d_c(0.8, 1, 1.0, [0.0, 0.5])
    agree(one, one_station.m_g_1(0.8, deterministic(1.0)))
    # P(wait <= x) of M/D/1 for x below one service is P(empty) exp(lam x).
    assert one["p_wait_gt:0.5"] == pytest.approx(1.0 - 0.2 * math.exp(0.4), rel=EXACT)
    assert one["p_wait_gt:0"] == pytest.approx(0.8, rel=EXACT)
    three = one_station.m_d_c(2.5, 3, 1.0, np.linspace(0.005, 19.995, 2000).tolist())
    tail = sum(share for metric, share in three.items() if metric.startswith("p_wait_gt"))
    assert 0.01 * tail == pytest.approx(three["Wq"], rel=1e-5)  # the midpoint rule
    service = gamma(1.0, 1.0 / math.sqrt(3.0))
    agree(one_station.m_e_c(0.75, 1, service), one_station.m_g_1(0.75, service))


def test_batches_before_one_server() -> None:
    """Cuts and the formula for one server say the same of batches."""
    pmf = {1: 0.5, 2: 0.3, 4: 0.2}
    agree(
        one_station.batches_m_c(0.3, pmf, 1, 1.2),
        one_station.batches_g_1(0.3, pmf, exponential(1.2)),
    )
    # A line starts at once if it is the first of a batch that finds nobody.
    alone = one_station.batches_m_c(0.3, pmf, 1, 1.2)
    assert alone["p_wait"] == pytest.approx(1.0 - (1.0 - alone["util"]) / 1.9, rel=EXACT)


def test_vacations() -> None:
    """Vacations of no length change nothing; the tail of waits sums to their mean."""
    short = one_station.m_g_1(0.6, exponential(1.0), deterministic(1e-12))
    agree(
        {metric: short[metric] for metric in ("Wq", "L")},
        one_station.m_g_1(0.6, exponential(1.0)),
    )
    late = [
        one_station.m_m_1_vacation_late(0.55, 1.2, 4.0, 0.01 * k + 0.005) for k in range(20_000)
    ]
    wait = one_station.m_g_1(0.55, exponential(1.2), exponential(4.0))["Wq"]
    assert 0.01 * sum(late) == pytest.approx(wait, rel=1e-5)  # the midpoint rule
    assert one_station.m_m_1_vacation_late(0.55, 1.2, 4.0, 0.0) == pytest.approx(1.0)


def test_sojourn_tail_adds_up_to_the_sojourn() -> None:
    """Sojourn tail adds up to the sojourn."""
    for rate, servers in ((1.5, 3), (0.5, 2)):
        stays = sum(
            one_station.m_m_c_tail(rate, servers, 1.5, x)[f"p_sojourn_gt:{x:g}"]
            for x in np.arange(0.005, 150.0, 0.01).tolist()
        )
        assert 0.01 * stays == pytest.approx(one_station.m_m_c(rate, servers, 1.5)["W"], rel=1e-5)


def test_ranks() -> None:
    """Ranks change who waits, not how much; chains and formulas say the same of them."""
    alike = (("a", 0.5, exponential(1.0)), ("b", 0.3, exponential(1.0)))
    plain = one_station.m_m_c(0.8, 1, 1.0)
    for answers in (ranks.preemptive(alike), ranks.non_preemptive(alike)):
        assert answers["L"] == pytest.approx(plain["L"], rel=EXACT)
    agree(ranks.preemptive(alike), ranks.preemptive_alike(alike, 1))
    agree(ranks.preemptive_two(alike, 1, (60, 250)), ranks.preemptive(alike), rel=1e-8)
    agree(ranks.preemptive_two(alike, 2, (60, 150)), ranks.preemptive_alike(alike, 2), rel=1e-8)
    other = (("a", 0.3, exponential(1.0)), ("b", 0.4, exponential(1.2)))
    agree(ranks.preemptive_two(other, 1, (60, 300)), ranks.preemptive(other), rel=1e-8)
    work = sum(
        rate * laws.mean(service) * answers_of[f"Wq:{name}"]
        for answers_of in [ranks.non_preemptive(other)]
        for name, rate, service in other
    )
    # Kleinrock's conservation law: rho W0 / (1 - rho), whoever is first.
    left = sum(rate * laws.second_moment(service) for _, rate, service in other) / 2.0
    assert work == pytest.approx(0.78 * left / 0.22, rel=EXACT)
    agree(ranks.non_preemptive(alike, 2), one_station.m_m_c(0.8, 2, 1.0))


# --- many stations --------------------------------------------------------------------------------


def test_networks() -> None:
    """A network of one node is a queue; behind a slower constant time nobody waits."""
    single: Nodes = (("a", 2, exponential(1.0)),)
    agree(many_stations.network({"a": 1.5}, single, {}), one_station.m_m_c(1.5, 2, 1.0))
    again = many_stations.network({"a": 0.6}, (("a", 1, exponential(1.0)),), {"a": {"a": 0.25}})
    # Coming back at once is one longer exponential time: half of it for half of the rate.
    assert again["W"] == pytest.approx(one_station.m_m_c(0.6, 1, 1.0 / 0.75)["W"], rel=EXACT)
    line = many_stations.constant_line(0.6, (("a", 1.25), ("b", 1.0)))
    assert line["Wq:b"] == 0.0  # behind a slower one
    agree({"W": line["W:a"]}, one_station.m_g_1(0.6, deterministic(1.25)))


def test_forks_and_joins() -> None:
    """The chain of two branches has the sojourn that is known for exponential times."""
    agree(
        many_stations.two_branches_erlang(0.6, exponential(1.0), 80),
        many_stations.two_branches_exponential(0.6, 1.0),
        rel=1e-8,
    )
    agree(many_stations.branches_unhurried(1.0, 1, 30, 2.0), {"W": 2.0})


def test_batches() -> None:
    """Batches of one are a queue; constant times are where Erlang times lead to."""
    plain = one_station.m_m_c(1.5, 2, 1.0)
    agree({"W": many_stations.batches(1.5, 1, 2, exponential(1.0))["W"]}, plain)
    service = gamma(1.0, 1.0 / math.sqrt(2.0))
    agree(
        {"W": many_stations.batches(1.5, 1, 2, service)["W"]},
        one_station.m_e_c(1.5, 2, service),
    )
    # Constant times lie beyond ever smaller Erlang spreads: extrapolated in 1 / k.
    few, many = (
        many_stations.batches(1.0, 4, 1, gamma(3.5, 1.0 / math.sqrt(k)), 60)["Wq_batch"]
        for k in (20, 40)
    )
    constant = many_stations.batches(1.0, 4, 1, deterministic(3.5))["Wq_batch"]
    assert 2.0 * many - few == pytest.approx(constant, rel=1e-3)


def test_repairs() -> None:
    """With a repairer for each machine no law matters; two machines can be done by hand."""
    agree(
        many_stations.repair(4, 4, 10.0, gamma(2.0, 1.0 / math.sqrt(3.0))) | {"Wq_repair": 0.0},
        many_stations.repair_at_once(4, 4, lognormal(10.0, 1.2), deterministic(2.0)),
    )
    exponential_up = many_stations.repair(4, 4, 10.0, exponential(2.0))
    assert exponential_up["availability"] == pytest.approx(10.0 / 12.0, rel=EXACT)
    # One machine for one repairer who is always there: by hand 1 / (1 + 2 a + 2 a a), a = 1 / 5.
    two = many_stations.repair(2, 1, 10.0, exponential(2.0))
    assert two["util"] == pytest.approx(1.0 - 1.0 / (1.0 + 0.4 + 0.08), rel=EXACT)


def test_skills() -> None:
    """Servers who all do the same are unequal servers; one who prefers a class gives it priority."""
    both = [("p", {"a": 1.0}, ["a"]), ("q", {"a": 1.5}, ["a"])]
    unequal = one_station.unequal(1.0, (1.0, 1.5))
    answers = many_stations.skills({"a": 1.0}, both, {"a": ["p", "q"]})
    agree(answers, unequal)
    assert answers["util:q"] == pytest.approx(unequal["util:2"], rel=EXACT)
    # One server who prefers a is a non-preemptive priority.
    alone = [("p", {"a": 1.0, "b": 1.0}, ["a", "b"])]
    answers = many_stations.skills({"a": 0.3, "b": 0.4}, alone, {"a": ["p"], "b": ["p"]}, 120)
    classes = (("a", 0.3, exponential(1.0)), ("b", 0.4, exponential(1.0)))
    agree(answers, ranks.non_preemptive(classes), rel=1e-8)


# --- stock ----------------------------------------------------------------------------------------


def test_orders_of_one_unit_are_base_stock() -> None:
    """Orders of one unit are base stock."""
    costs = {"holding": 0.4, "backorder": 7.0, "fixed_order": 2.0}
    base = stock.base_stock(4, 2.0, deterministic(1.5), costs, (0.25, 1.0))
    agree(stock.fixed_quantity(3, 1, 2.0, 1.5, costs, (0.25, 1.0)), base)
    agree(stock.base_stock_batches(4, 2.0, {1: 1.0}, 1.5, costs), base | _held(base, costs))
    agree(
        stock.fixed_quantity_crossing(3, 1, 2.0, 1.5, costs),
        stock.base_stock(4, 2.0, exponential(1.5), costs),
    )
    agree(
        stock.fixed_quantity_lost_crossing(3, 1, 2.0, 1.5),
        stock.base_stock_lost(4, 2.0, exponential(1.5)),
    )
    agree(
        stock.fixed_quantity_lost(0, 1, 2.0, gamma(1.5, 0.5)),
        stock.base_stock_lost(1, 2.0, gamma(1.5, 0.5)),
    )


def _held(base: Mapping[str, float], costs: Mapping[str, float]) -> dict[str, float]:
    held = costs["holding"] * base["on_hand"] + costs["backorder"] * base["backorders"]
    return {"cost_rate": held}


@pytest.mark.parametrize("lead", [exponential(1.5), gamma(1.5, 0.6), deterministic(1.5)])
def test_waits_of_units_add_up_to_their_mean(lead: dict[str, float]) -> None:
    """Waits of units add up to their mean."""
    late = np.arange(0.01, 16.0, 0.02).tolist()
    answers = stock.base_stock(3, 2.0, lead, None, late)
    tail = sum(share for metric, share in answers.items() if metric.startswith("p_customer"))
    assert 0.02 * tail == pytest.approx(answers["customer_wait"], rel=1e-3)  # the midpoint rule
    nearly_at_once = stock.base_stock(3, 2.0, lead, None, [1e-9])["p_customer_wait_gt:1e-09"]
    assert nearly_at_once == pytest.approx(1.0 - answers["fill_rate"], rel=1e-6)


def test_one_order_out_is_no_limit_where_it_is_larger_than_the_reorder_point() -> None:
    """One order out is no limit where it is larger than the reorder point."""
    agree(
        stock.fixed_quantity_lost(6, 15, 4.0, exponential(1.2)),
        stock.fixed_quantity_lost_crossing(6, 15, 4.0, 1.2),
    )


def test_reviews_all_the_time_are_base_stock() -> None:
    """Reviews all the time are base stock."""
    often = periodic_stock.all_the_time(5, 6, 3.0, 1e-7, 1.5)
    agree(
        {metric: often[metric] for metric in ("on_hand", "backorders", "fill_rate", "order_rate")},
        stock.base_stock(6, 3.0, deterministic(1.5)),
        rel=1e-5,
    )


def test_sequences_that_are_one() -> None:
    """Sequences that are one."""
    # A demand behind the costs is one of the next period, and the other way round.
    costs = {"holding": 1.0, "backorder": 6.0, "fixed_order": 9.0}
    usual = periodic_stock.by_period(8, 17, 4.0, 1, costs, "review-receive-demand-cost")
    agree(usual, periodic_stock.by_period(8, 17, 4.0, 1, costs, "demand-cost-review-receive"))
    with pytest.raises(ValueError, match="before it is placed"):
        periodic_stock.by_period(8, 17, 4.0, 0, costs, "receive-review-demand-cost")


def test_lost_sales_of_a_large_shelf_are_none() -> None:
    """Lost sales of a large shelf are none."""
    costs = {"holding": 1.0, "fixed_order": 9.0}
    lost = periodic_stock.lost_by_period(18, 26, 2.0, 1, costs)
    usual = "review-receive-demand-cost"
    agree(lost, periodic_stock.by_period(18, 26, 2.0, 1, costs, usual), rel=1e-6)


# --- the rest -------------------------------------------------------------------------------------


def test_in_the_end_a_station_forgets_that_it_was_empty() -> None:
    """In the end a station forgets that it was empty."""
    late = transient.exponential_station(always(2.0), always(2.0), 1.0, (200.0,), 6, 2.0)
    steady = one_station.m_m_c_room(2.0, 2, 1.0, 6, 2.0)
    assert late["N_at:200"] == pytest.approx(steady["L"], rel=EXACT)
    assert late["p_wait_at:200"] == pytest.approx(steady["p_wait"] + steady["p_block"], rel=EXACT)
    many = transient.nobody_waits(always(3.0), exponential(2.0), (1.0,))
    assert many["N_at:1"] == pytest.approx(6.0 * (1.0 - math.exp(-0.5)), rel=EXACT)
    steps = ((0.0, 2.0, 5.0), (1.0, 3.0))
    agree(
        transient.nobody_waits(steps, exponential(1.5), (1.0, 4.0)),
        transient.exponential_station(steps, always(100.0), 1.5, (1.0, 4.0), 100),
        rel=1e-8,
    )


def test_returns_and_lines() -> None:
    """Returns at once all count; a law of lines is its list of chances."""
    soon = returned.returns(10.0, 0.2, deterministic(0.0), 30.0)
    agree(soon, {"returned_units": 60.0, "rate_of_return_window": 0.2})
    poisson = {str(1 + n): math.exp(-0.8) * 0.8**n / math.factorial(n) for n in range(30)}
    agree(
        returned.accuracy({"type": "pmf", "pmf": poisson}, 0.05, 0.4),
        returned.accuracy({"type": "one_plus_poisson", "mean_extra": 0.8}, 0.05, 0.4),
    )


def test_places_of_picks_one_by_one() -> None:
    """Places of picks one by one."""
    orders = list(itertools.product(range(1, 6), repeat=3))
    places = returned.places(5, 3, 8.0)
    assert places["aisles_visited"] == pytest.approx(np.mean([len(set(o)) for o in orders]))
    assert places["farthest_aisle"] == pytest.approx(np.mean([max(o) for o in orders]))
    assert places["farthest_in_aisle_given_all_in_one"] == 6.0


@pytest.mark.parametrize("law", [gamma(2.0, 0.7), lognormal(2.0, 1.3), exponential(2.0)])
def test_laws(law: dict[str, float]) -> None:
    """Tails, means and counts of a law belong together."""
    tail = sum(laws.survival(law, x) for x in np.arange(0.005, 3.0, 0.01).tolist())
    assert laws.mean_up_to(law, 3.0) == pytest.approx(0.01 * tail, rel=1e-4)
    counts = laws.poisson_counts(law, 0.3, 4000)
    assert counts.sum() == pytest.approx(1.0, abs=1e-6)
    assert counts[:400] @ np.arange(400) == pytest.approx(0.6, rel=1e-4)
    assert laws.second_moment(law) > 4.0
