"""Cases that combine options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.theory.exact_cases import many_stations, one_station, periodic_stock, stock, transient
from tests.theory.exact_cases.case import Case, chosen
from tests.theory.exact_cases.laws import deterministic, exponential, gamma
from tests.theory.exact_cases.other_cases import always
from tests.theory.exact_cases.queue_cases import queue
from tests.theory.exact_cases.stock_cases import continuous, item, review
from tests.theory.exact_cases.structure_cases import fork


def cases() -> Iterator[Case]:
    """Yield the cases."""
    yield from _queues()
    yield from _steps()
    yield from _structures()
    yield from _stock()


def _queues() -> Iterator[Case]:
    means = (1.0, 2.0, 3.0)
    yield Case(
        "queue",
        "3 unequal servers, room for 5",
        queue(
            1.8,
            3,
            {"type": "exponential"},
            capacity=5,
            server_mean_times=list(means),
            dispatch="fastest_idle_first",
        ),
        chosen(
            one_station.unequal(1.8, means, 2), "p_block", "L", "Lq", "Wq", "W", "util", "util:1"
        ),
        "chain of the line and who is busy; util:1 of the first of server_mean_times",
        "computed (Markov chain)",
        warmup=500,
    )
    yield Case(
        "queue",
        "M/M/1 + D, more come than can be served",
        queue(1.5, 1, exponential(1.0), patience=deterministic(2.0)),
        chosen(
            one_station.m_m_c_patience(1.5, 1, 1.0, deterministic(2.0)),
            "p_abandon",
            "Wq",
            "L",
            "util",
            "throughput",
        ),
        "density of the offered wait ~ exp(lam min(d, v) - mu v)",
        "computed (Baccelli & Hebuterne 1981)",
        warmup=300,
    )
    yield Case(
        "queue",
        "M/M/4/4 + M: no room to wait, so nobody runs out of patience",
        queue(3.0, 4, exponential(1.2), capacity=4, patience=exponential(1.0)),
        chosen(one_station.m_m_c_room(3.0, 4, 1.2, 4, 1.0), "p_block", "L", "W", "util"),
        "Erlang B",
        "computed (Erlang recursion)",
        warmup=200,
    )


def _steps() -> Iterator[Case]:
    for title, rate, servers, mean, times, more in (
        (
            "Nobody serves for a while",
            always(1.2),
            ((0.0, 60.0, 90.0, 180.0), (2.0, 0.0, 4.0)),
            1.0,
            (40.0, 85.0, 100.0),
            {},
        ),
        (
            "Steps within the hour",
            ((0.0, 7.5, 20.0, 45.0), (4.0, 1.0, 2.5)),
            ((0.0, 10.0, 45.0), (2.0, 3.0)),
            1.0,
            (7.0, 15.0, 40.0),
            {},
        ),
        (
            "Arrivals and servers by steps, limited room",
            ((0.0, 60.0, 120.0, 180.0), (2.0, 3.5, 1.0)),
            ((0.0, 90.0, 180.0), (2.0, 3.0)),
            1.0,
            (50.0, 80.0, 110.0),
            {"capacity": 8},
        ),
    ):
        answers = transient.exponential_station(
            rate, servers, mean, times, int(more.get("capacity", 400))
        )
        params: dict[str, Any] = queue(rate[1][0], 1, exponential(mean), **more, start="empty")
        if len(rate[1]) > 1:
            params["arrivals"] = {"type": "steps", "edges": list(rate[0]), "rates": list(rate[1])}
        params["servers"] = {
            "edges": list(servers[0]),
            "levels": [int(level) for level in servers[1]],
            "on_drop": "preempt_resume",
        }
        yield Case(
            "queue",
            title,
            params,
            {
                metric: answer
                for metric, answer in answers.items()
                if answer < 1.0 - 1e-9 or metric.startswith("N")
            },
            "Kolmogorov forward equations",
            "computed (matrix exponential)",
            warmup=0,
            width=0.05,
        )


def _structures() -> Iterator[Case]:
    yield Case(
        "forkjoin",
        "Three zones at once, M/M/1 each",
        fork(0.4, 3, 1, exponential(1.0)),
        many_stations.branches_exponential(0.4, 3, 1.0, 30),
        "chain of the tasks in each branch; orders there = the largest number of tasks",
        "computed (Markov chain)",
        warmup=1000,
    )
    for machines, repairers, up in ((6, 2, deterministic(15.0)), (12, 3, gamma(30.0, 1.5))):
        mean = float(up.get("mean", up.get("value", 0.0)))
        yield Case(
            "repair",
            f"{machines} machines, {repairers} repairers, {up['type']} times up",
            {
                "machines": machines,
                "repairers": repairers,
                "up": up,
                "repair": exponential(6.0),
            },
            chosen(
                many_stations.repair(machines, repairers, mean, exponential(6.0)),
                "L_down",
                "availability",
                "Wq_repair",
                "util",
                "throughput",
            ),
            "finite source; any law of up where repairs are exponential",
            "computed (product form, BCMP 1975)",
            time_unit="hour",
            warmup=1000,
            width=0.02,
            widths={"Wq_repair": 0.04},
        )


def _stock() -> Iterator[Case]:
    answers = periodic_stock.all_the_time(30, 60, 4.0, 7.0, 2.5)
    yield Case(
        "inventory",
        "(s,S) = (30,60), review once a week, demand all the time",
        item(review(30, 60, 7.0), continuous(4.0), deterministic(2.5), "backorder"),
        chosen(answers, "on_hand", "backorders", "fill_rate", "order_rate", "customer_wait"),
        "level = position behind a review - demand since, averaged over L .. L + period",
        "computed (Hadley & Whitin 1963)",
        time_unit="day",
        warmup=100,
        width=0.05,
        widths={"fill_rate": 0.01, "on_hand": 0.02, "order_rate": 0.01},
    )
    costs = {"holding": 0.02, "backorder": 0.5, "fixed_order": 3.0}
    yield Case(
        "inventory",
        "(r,Q) = (0,9), backorders, by the hour",
        item(
            {"policy": "rQ", "r": 0, "Q": 9, "review": "continuous"},
            continuous(0.25),
            deterministic(12.0),
            "backorder",
            costs=costs,
        ),
        chosen(
            stock.fixed_quantity(0, 9, 0.25, 12.0, costs, (6.0,)),
            "cost_rate",
            "on_hand",
            "backorders",
            "fill_rate",
            "order_rate",
            "customer_wait",
            "p_customer_wait_gt:6",
        ),
        "IP uniform on r+1..r+Q; IL = IP - Poisson(lam L); wait > x: IP <= Poisson(lam (L - x))",
        "computed (Hadley & Whitin 1963)",
        time_unit="hour",
        warmup=500,
        width=0.04,
        widths={"fill_rate": 0.01, "on_hand": 0.02, "order_rate": 0.01, "cost_rate": 0.02},
    )
