from __future__ import annotations

import math

import numpy as np
import pytest

from tests.theory.exact_cases import (
    laws,
    many_stations,
    one_station,
    ranks,
)
from tests.theory.exact_cases.agreement import EXACT, agree
from tests.theory.exact_cases.laws import deterministic, exponential, gamma, lognormal
from tests.theory.exact_cases.many_stations import Nodes

# --- one station ----------------------------------------------------------------------------------


@pytest.mark.parametrize("servers", [1, 3])
def test_what_never_bites_leaves_a_plain_queue(servers: int) -> None:
    """What never bites leaves a plain queue."""
    plain = one_station.m_m_c(0.7 * servers, servers, 1.0)
    agree(one_station.m_m_c_room(0.7 * servers, servers, 1.0), plain)
    agree(one_station.batches_m_c(0.7 * servers, {1: 1.0}, servers, 1.0), plain)
    agree(one_station.unequal(0.7 * servers, [1.0] * servers), plain)
    agree(one_station.m_e_c(0.7 * servers, servers, exponential(1.0)), plain)


def test_unequal_servers_of_one_speed_and_limited_room() -> None:
    """Servers of one speed and room for five are birth and death."""
    agree(one_station.unequal(1.8, [1.5] * 3, 2), one_station.m_m_c_room(1.8, 3, 1.5, 5))


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


def test_branches() -> None:
    """The chain of several branches has the sojourn that is known for two."""
    agree(
        many_stations.branches_exponential(0.6, 2, 1.0, 80),
        many_stations.two_branches_exponential(0.6, 1.0),
        rel=1e-8,
    )
    alone = many_stations.branches_exponential(0.6, 1, 1.0, 80)
    agree(alone, one_station.m_m_c(0.6, 1, 1.0), rel=1e-8)


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
    # Two machines and one repairer, idle by hand for 1 / (1 + 2 a + 2 a a), a = 1 / 5.
    two = many_stations.repair(2, 1, 10.0, exponential(2.0))
    assert two["util"] == pytest.approx(1.0 - 1.0 / (1.0 + 0.4 + 0.08), rel=EXACT)


def test_skills() -> None:
    """Servers who do the same are unequal servers; one who prefers a class gives it priority."""
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
