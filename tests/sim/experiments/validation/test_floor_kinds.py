"""Cases of the floor become ordinary scenarios, and what they cannot say is said."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.engine.setting import prepare
from sim.experiments.validation.days import Steps
from sim.experiments.validation.house import clock_s
from sim.experiments.validation.kinds import system
from sim.experiments.validation.play import (
    Plan,
    Replication,
    play_once,
    scenario_of,
    times_longer,
    validate,
)
from sim.experiments.validation.system import Case, NotInScenarios, Played, Row
from sim.experiments.validation.verdict import judge
from tests.sim.experiments.validation.cases import case_of, exponential, half_used, poisson

PICK_PACK_SHIP = {
    "external": {"a": 1.0},
    "nodes": [
        {"name": "a", "servers": 3, "service": exponential(2.0)},
        {"name": "b", "servers": 2, "service": exponential(1.0)},
        {"name": "c", "servers": 1, "service": exponential(0.5)},
    ],
    "routing": {"a": {"b": 1.0}, "b": {"a": 0.1, "c": 0.9}, "c": {}},
}
STEPS = {"type": "steps", "edges": [0, 30, 90], "rates": [1.0, 2.0]}


def once(case: Case, days: float = 1.0) -> tuple[Played, dict[str, float]]:
    """Play one replication and measure its figures."""
    made = system(case)
    played = play_once(prepare(scenario_of(Plan(case, days, 1), made), {}), 0)
    return played, {metric: measure(played) for metric, measure in made.measures.items()}


# the rule


def row(expected: float, rel: float) -> Row:
    """Return a figure."""
    return Row("Wq", expected, rel, 0.0)


TEN = [9.0, 11.0] * 5
"""Mean 10, s = sqrt(10/9): half-widths 2.262 / 3 = 0.754 (95 %) and 4.781 / 3 = 1.594 (99.9 %)."""


@pytest.mark.parametrize(
    ("expected", "rel", "verdict"),
    [
        (10.0, 0.0755, "reproduced"),
        (10.0, 0.0753, "too wide"),
        (11.593, 0.1, "reproduced"),
        (11.595, 0.1, "off"),
        (8.405, 0.1, "off"),
    ],
)
def test_the_rule_by_hand(expected: float, rel: float, verdict: str) -> None:
    """Near by the 99.9 % interval, narrow by the 95 % one."""
    assert judge("A", row(expected, rel), TEN).verdict == verdict


def test_a_quick_verdict_allows_twice_the_width() -> None:
    """What is too wide by less than twice passes the quick rule."""
    assert judge("A", row(10.0, 0.04), TEN).verdict == "too wide"
    assert judge("A", row(10.0, 0.04), TEN, quick=True).verdict == "reproduced"


def test_figures_that_do_not_vary_must_be_equal() -> None:
    """Without scatter only the rounding of the written value is forgiven."""
    assert judge("A", row(1.0 / 3.0, 0.01), [0.33333333333] * 10).verdict == "reproduced"
    assert judge("A", row(0.33334, 0.01), [1.0 / 3.0] * 10).verdict == "off"


def test_nine_replications_are_no_verdict() -> None:
    """At least ten."""
    with pytest.raises(ValueError, match="at least 10"):
        judge("A", row(10.0, 1.0), TEN[:9])


# the play


def test_an_exact_queue_passes_and_a_wrong_value_fails() -> None:
    """M/M/1, half used: W = 2 is reproduced, 2.4 is off; what no scenario says fails too."""
    case = case_of("queue", half_used(), {"W": 2.0, "Lq": 0.7, "p_block": 0.1})

    figures = validate([case])

    assert [f.verdict for f in figures] == ["reproduced", "off", "not in scenarios"]
    assert figures[2].words == "the metric p_block of a queue that runs around the clock"
    assert figures[0].found is not None
    assert figures[0].found.n >= 10


def test_a_used_up_budget_leaves_a_wide_interval_and_that_fails() -> None:
    """The budget ends the play; the interval says too little, right mean or not."""
    case = case_of("queue", half_used(), {"W": 2.0}, rel=0.0005)

    (figure,) = validate([case], budget_orders=1)

    assert figure.verdict == "too wide"


def test_widths_alone_decide_how_long_is_played() -> None:
    """Another value with the same absolute width: the same replications, another verdict."""
    right = case_of("queue", half_used(), {"W": 2.0}, rel=0.1)
    wrong = case_of("queue", half_used(), {"W": 4.0}, rel=0.05)

    (a,), (b,) = validate([right]), validate([wrong])

    assert a.found == b.found
    assert (a.verdict, b.verdict) == ("reproduced", "off")


def test_figures_that_scatter_much_are_played_longer() -> None:
    """Scatter of 80 % of a figure: (0.8 / 0.2)^2 = 16 times as long; of 0 nothing is asked.

    Of 100 orders one in 400 is short, and the pilot saw none: a hundred times as many hold 25.
    """
    rows = (row(5.0, 0.1), Row("p_wait", 0.0, 0.1, 0.0))
    rare = Row("fill_rate", 1.0 - 1.0 / 400.0, 0.1, 0.0)
    sqrt10 = math.sqrt(10.0)

    def pilot(sd: float) -> list[Replication]:
        away = sd * 3.0 / sqrt10  # ten values at +- away have a standard deviation of sd
        return [
            Replication(100, {"Wq": 5.0 + sign * away, "p_wait": 9.0 * sign})
            for sign in [1, -1] * 5
        ]

    assert times_longer(rows, pilot(3.999)) == 16
    assert times_longer(rows, pilot(0.999)) == 1
    assert times_longer((rare,), [Replication(100, {"fill_rate": 1.0})] * 10) in (100, 101)


@pytest.mark.slow
def test_numbers_do_not_depend_on_processes() -> None:
    """One process or two: the same figures to the last bit."""
    case = case_of("queue", half_used(), {"W": 2.0, "p_wait": 0.5})

    assert validate([case], jobs=2) == validate([case])


# the scenarios


def test_a_queue_is_a_picking_line() -> None:
    """Rates, laws and people stand in the scenario in its own units."""
    service = {"type": "gamma", "mean": 2.0, "cv": 0.5}
    params = {"arrivals": poisson(0.5), "servers": 3, "service": service}

    sections = system(case_of("queue", params, {"Wq": 1.0}, warm_up=720.0)).sections

    assert sections["orders"]["per_day"] == 720.0
    assert sections["picking"]["time_s"] == {"distribution": "gamma", "mean": 120.0, "cv": 0.5}
    assert sections["staff"]["always"]["pickers"] == 3
    assert sections["run"]["warm_up_days"] == 0.5


def test_rare_arrivals_are_played_on_a_faster_clock() -> None:
    """Two a day: 1,440 a day on the scenario's clock, and answers in days all the same."""
    assert clock_s(86_400.0, 2.0) == 120.0
    params = {"arrivals": poisson(2.0), "servers": 1, "service": exponential(0.25)}
    case = case_of("queue", params, {"W": 0.5, "throughput": 2.0}, unit_s=86_400.0)

    assert system(case).sections["orders"]["per_day"] == pytest.approx(1440.0)
    _, values = once(case, 4.0)

    assert values["W"] == pytest.approx(0.5, rel=0.2)
    assert values["throughput"] == pytest.approx(2.0, rel=0.05)


def test_measures_of_a_queue_agree_with_each_other() -> None:
    """W is Wq and a service, L is Lq and those in service, shares lie where they must."""
    names = ("Wq", "W", "Lq", "L", "p_wait", "p_wait_gt:1", "p_sojourn_gt:1", "util", "throughput")

    _, v = once(case_of("queue", half_used(), dict.fromkeys(names, 1.0)), 3.0)

    assert v["L"] - v["Lq"] == pytest.approx(v["util"], abs=1e-9)
    assert v["W"] - v["Wq"] == pytest.approx(1.0, rel=0.1)
    assert v["L"] == pytest.approx(v["throughput"] * v["W"], rel=0.02)
    assert v["p_wait_gt:1"] < v["p_wait"] < 0.6
    assert v["p_wait_gt:1"] < v["p_sojourn_gt:1"]


def test_ranks_are_channels() -> None:
    """Each class has its own rate, law and figures; the first rank waits less."""
    classes = [
        {"name": "late", "rank": 1, "rate": 0.3, "service": exponential(1.0)},
        {"name": "soon", "rank": 0, "rate": 0.4, "service": exponential(1.2)},
    ]
    params = {"priority": "np", "servers": 1, "classes": classes}
    names = ("Wq:late", "Wq:soon", "Wq", "throughput:soon", "L:late", "L:soon", "L")

    _, v = once(case_of("queue", params, dict.fromkeys(names, 1.0)), 5.0)

    assert v["Wq:soon"] < v["Wq"] < v["Wq:late"]
    assert v["throughput:soon"] == pytest.approx(0.4, rel=0.1)
    assert v["L:late"] + v["L:soon"] == pytest.approx(v["L"])


def test_a_network_is_a_line_with_a_way_back() -> None:
    """Node by node: each visit counts, and the house holds what its stations hold."""
    names = ("W", "L", "L:a", "L:b", "L:c", "throughput:b", "throughput:c", "Wq:a", "util:c")

    _, v = once(case_of("network", PICK_PACK_SHIP, dict.fromkeys(names, 1.0)), 3.0)

    assert v["L:a"] + v["L:b"] + v["L:c"] == pytest.approx(v["L"], rel=1e-6)
    assert v["throughput:b"] == pytest.approx(1.0 / 0.9, rel=0.05)
    assert v["throughput:c"] == pytest.approx(1.0, rel=0.05)
    assert v["W"] == pytest.approx(v["L"], rel=0.05)
    assert v["util:c"] == pytest.approx(0.5, rel=0.1)


def chain(count: int, routing: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Return a network of nodes n0, n1, ... with two servers each."""
    nodes = [
        {"name": f"n{i}", "servers": 2, "service": exponential(0.6 + 0.1 * i)} for i in range(count)
    ]
    return {"external": {"n0": 1.0}, "nodes": nodes, "routing": routing}


def onward(count: int, **changed: dict[str, float]) -> dict[str, dict[str, float]]:
    """Return the routing of a line, with some rows changed."""
    rows: dict[str, dict[str, float]] = {f"n{i}": {f"n{i + 1}": 1.0} for i in range(count - 1)}
    return {**rows, **changed}


@pytest.mark.parametrize(
    ("count", "routing", "visits"),
    [
        (1, {}, [1.0]),
        (1, {"n0": {"n0": 0.2}}, [1.25]),
        (2, onward(2), [1.0, 1.0]),
        (2, onward(2, n1={"n0": 0.2}), [1.25, 1.25]),
        (2, onward(2, n0={"n0": 0.2, "n1": 0.8}), [1.25, 1.0]),
        (4, onward(4), [1.0] * 4),
        (4, onward(4, n2={"n1": 0.2, "n3": 0.8}), [1.0, 1.25, 1.25, 1.0]),
        (2, onward(2, n1={"n1": 0.2}), [1.0, 1.25]),
    ],
)
def test_lines_of_one_to_four_stations(
    count: int, routing: dict[str, dict[str, float]], visits: list[float]
) -> None:
    """Every node sees as many visits a minute as the traffic equations say."""
    figures = {f"throughput:n{i}": visits[i] for i in range(count)}

    _, found = once(case_of("network", chain(count, routing), figures), 3.0)

    assert found == {name: pytest.approx(value, rel=0.05) for name, value in figures.items()}


def test_batches_leave_together() -> None:
    """Forming takes (k - 1) / (2 lambda); the stay is forming, waiting and a service."""
    params = {"arrivals": poisson(1.0), "batch_size": 3, "servers": 2, "service": exponential(3.0)}
    names = ("batch_form_wait", "Wq_batch", "Wq", "W", "Lq", "L", "p_sojourn_gt:9", "util")

    _, v = once(case_of("batch_queue", params, dict.fromkeys(names, 1.0)), 3.0)

    assert v["batch_form_wait"] == pytest.approx(1.0, rel=0.1)
    assert v["Wq"] == pytest.approx(v["batch_form_wait"] + v["Wq_batch"])
    assert v["W"] - v["Wq"] == pytest.approx(3.0, rel=0.1)
    assert v["L"] - v["Lq"] == pytest.approx(3 * 2 * v["util"], rel=0.02)
    assert 0.0 < v["p_sojourn_gt:9"] < 0.5


def branching(branches: int) -> dict[str, Any]:
    """Return branches, each half used."""
    return half_used(branches=branches)


@pytest.mark.slow
def test_two_branches_are_late_as_flatto_and_hahn_say() -> None:
    """W = (12 - rho) / 8 times the W of one branch (Nelson & Tantawi 1988, eq. 1)."""
    case = case_of("forkjoin", branching(2), {"W": 11.5 / 8.0 * 2.0, "util": 0.5}, rel=0.05)

    assert [figure.verdict for figure in validate([case])] == ["reproduced"] * 2


def test_one_branch_is_a_queue() -> None:
    """M/M/1, half used."""
    (figure,) = validate([case_of("forkjoin", branching(1), {"W": 2.0}, rel=0.15)])

    assert figure.verdict == "reproduced"


def test_an_order_is_through_when_its_last_branch_is() -> None:
    """More branches take longer, by less than the harmonic number; people are as busy as ever."""
    stays = [
        once(case_of("forkjoin", branching(count), {"W": 1.0, "util": 0.5}), 3.0)[1]
        for count in (2, 5)
    ]

    assert 2.0 < stays[0]["W"] < stays[1]["W"] < 2.0 * (1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5)
    assert [v["util"] for v in stays] == [pytest.approx(0.5, rel=0.1)] * 2


# days that start empty


def test_steps_hold_between_their_edges() -> None:
    """From an edge on the new value; at the end the last one."""
    steps = Steps.of({"edges": [0, 10, 30], "levels": [2, 5]}, "levels")

    assert [steps.at(t) for t in (0.0, 9.9, 10.0, 30.0)] == [2.0, 2.0, 5.0, 5.0]


@pytest.mark.parametrize("edges", [[0, 10], [5, 10, 30], [0, 30, 10]])
def test_edges_that_do_not_rise_from_0_are_refused(edges: list[float]) -> None:
    """What was found and what is expected."""
    with pytest.raises(ValueError, match="expected edges that rise from 0"):
        Steps.of({"edges": edges, "rates": [1.0, 2.0]}, "rates")


def test_a_day_of_steps_is_a_day_of_the_scenario() -> None:
    """Edges at 30 and 90 minutes: an hour of the scenario is 15, orders stay as many."""
    params = {"arrivals": STEPS, "servers": 5, "service": exponential(1.0)}

    sections = system(case_of("queue", params, {"N_at:60": 1.0}, warm_up=0.0)).sections

    profile = sections["orders"]["hourly_profile"]
    assert profile == [1.0] * 2 + [2.0] * 4 + [0.0] * 18
    assert sections["orders"]["per_day"] == 150.0
    assert sections["picking"]["time_s"]["mean"] == 240.0


def test_many_steps_take_a_week() -> None:
    """Edges that share only small hours are played week by week, with staff that changes."""
    arrivals = {"type": "steps", "edges": [0, 50, 93], "rates": [1.0, 2.0]}
    servers = {"edges": [0, 20, 93], "levels": [4, 3], "on_drop": "preempt_resume"}
    params = {"arrivals": arrivals, "servers": servers, "service": exponential(1.0)}
    figures = {"N_at:10": 1.0, "N_at:80": 2.0}

    sections = system(case_of("queue", params, figures, warm_up=0.0)).sections
    _, values = once(case_of("queue", params, figures, warm_up=0.0), 70.0)

    profile = sections["orders"]["channels"]["web"]["hour_of_week_profile"]
    assert profile == [1.0] * 50 + [2.0] * 43 + [0.0] * 75
    assert 0.0 < values["N_at:10"] < values["N_at:80"]


def occupied(rates: list[tuple[float, float, int]], t: float) -> tuple[float, float]:
    """Return E N and P(N >= servers) of a queue that starts empty (matrix exponential).

    ``rates`` are (until, arrivals, servers) with a mean service of 1.
    """
    from scipy.linalg import expm

    size = 80
    p, now, servers = np.eye(size)[0], 0.0, 0
    for until, rate, heads in rates:
        flow = np.zeros((size, size))
        for n in range(size - 1):
            flow[n, n + 1] = rate
            flow[n + 1, n] = min(n + 1, heads)
        flow -= np.diag(flow.sum(axis=1))
        step = min(until, t) - now
        if step > 0.0:
            p, now, servers = p @ expm(flow * step), min(until, t), heads
    return float(p @ np.arange(size)), float(p[servers:].sum())


@pytest.mark.slow
def test_staff_that_falls_gives_work_back() -> None:
    """Four servers, then two: the number and the full house follow the forward equations."""
    servers = {"edges": [0, 6, 18], "levels": [4, 2], "on_drop": "preempt_resume"}
    params = {"arrivals": poisson(2.4), "servers": servers, "service": exponential(1.0)}
    steps = [(6.0, 2.4, 4), (18.0, 2.4, 2)]
    early, late = occupied(steps, 5.0), occupied(steps, 12.0)
    figures = {"N_at:5": early[0], "N_at:12": late[0], "p_wait_at:5": early[1]}
    case = case_of("queue", params, {**figures, "p_wait_at:12": late[1]}, rel=0.05, warm_up=0.0)

    assert [figure.verdict for figure in validate([case])] == ["reproduced"] * 4


@pytest.mark.slow
def test_an_empty_start_is_a_step_too() -> None:
    """M/M/1 from empty at 3 minutes."""
    number, busy = occupied([(3.0, 0.8, 1)], 3.0)
    params = {"arrivals": poisson(0.8), "servers": 1, "service": exponential(1.0), "start": "empty"}
    case = case_of("queue", params, {"N_at:3": number, "p_wait_at:3": busy}, rel=0.05, warm_up=0.0)

    assert [figure.verdict for figure in validate([case])] == ["reproduced"] * 2
    assert math.isclose(number, 1.0, rel_tol=0.5)


# what no scenario says


@pytest.mark.parametrize(
    ("kind", "params", "metric", "words"),
    [
        ("queue", half_used(balking=1), "Wq", "a queue with balking"),
        ("queue", half_used(arrivals={"type": "renewal"}), "Wq", "type 'renewal'"),
        ("queue", half_used(service={"type": "weibull"}), "Wq", "a law of the type 'weibull'"),
        ("queue", half_used(), "Wq:gold", "the metric Wq:gold"),
        ("queue", half_used(), "N_at:3", "the metric N_at:3"),
        ("batch_queue", half_used(batch_size=2, timeout=3), "W", "batches with timeout"),
        ("forkjoin", half_used(branches=40), "W", "40 branches"),
    ],
)
def test_what_no_scenario_says_is_named(
    kind: str, params: dict[str, Any], metric: str, words: str
) -> None:
    """Nothing is left aside in silence: that would be another system."""
    with pytest.raises(NotInScenarios, match=words):
        system(case_of(kind, params, {metric: 1.0}))


@pytest.mark.parametrize(
    "broken",
    [
        lambda p: p.pop("service"),
        lambda p: p.update(servers=0),
        lambda p: p.update(servers=1.5),
        lambda p: p.update(service={"type": "gamma", "mean": 1.0}),
        lambda p: p.update(arrivals=poisson(-1.0)),
    ],
)
def test_params_that_are_none_are_refused(broken: Callable[[dict[str, Any]], object]) -> None:
    """A queue without its numbers is a fault of the file, not of the scenarios."""
    params = half_used()
    broken(params)

    with pytest.raises(ValueError, match=r"expected|params without") as refused:
        system(case_of("queue", params, {"Wq": 1.0}))

    assert not isinstance(refused.value, NotInScenarios)


def test_a_short_case_is_cut_into_fewer_hours_where_the_house_must_empty() -> None:
    """Two minutes of a service of five: 40 services behind it fit a week of longer hours only."""
    params = {"arrivals": poisson(1.0), "servers": 2, "service": exponential(5.0), "start": "empty"}

    sections = system(case_of("queue", params, {"N_at:2": 1.5})).sections

    week = sections["orders"]["channels"]["web"]["hour_of_week_profile"]
    assert sum(weight > 0.0 for weight in week) == 1
