"""Cases that start empty or change by steps, returns, and geometry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from tests.theory.exact_cases import returned, transient
from tests.theory.exact_cases.case import Case, chosen
from tests.theory.exact_cases.laws import deterministic, exponential, gamma, lognormal
from tests.theory.exact_cases.queue_cases import queue
from tests.theory.exact_cases.transient import Steps


def cases() -> Iterator[Case]:
    """Yield the cases."""
    yield from _empty()
    yield from _steps()
    yield from _returns()
    yield from _geometry()


def _transient(title: str, params: dict[str, Any], answers: dict[str, float], formula: str) -> Case:
    return Case(
        "queue",
        title,
        params | {"start": "empty"},
        answers,
        formula,
        "computed (matrix exponential)" if "Kolmogorov" in formula else "computed (closed form)",
        warmup=0,
        width=0.05,
    )


def always(value: float) -> Steps:
    """Return a constant as steps."""
    return (0.0, math.inf), (value,)


def _empty() -> Iterator[Case]:
    forward = "Kolmogorov forward equations"
    for rate, servers, mean, times in (
        (0.8, 1, 1.0, (5.0, 20.0)),
        (1.5, 1, 1.0, (30.0,)),
        (2.4, 3, 1.2, (3.0, 30.0)),
    ):
        yield _transient(
            f"M/M/{servers} from an empty start",
            queue(rate, servers, exponential(mean)),
            transient.exponential_station(always(rate), always(servers), mean, times),
            forward,
        )
    yield _transient(
        "M/M/2/6 + M from an empty start",
        queue(2.0, 2, exponential(1.0), capacity=6, patience=exponential(2.0)),
        transient.exponential_station(always(2.0), always(2.0), 1.0, (2.0, 10.0), 6, 2.0),
        forward,
    )
    service = lognormal(3.0, 1.0)
    yield _transient(
        "M/G/40 from an empty start: nobody waits",
        queue(3.0, 40, service),
        transient.nobody_waits(always(3.0), service, (1.0, 5.0)),
        "lam E[min(S, t)]",
    )


def _steps() -> Iterator[Case]:
    forward = "Kolmogorov forward equations"
    for title, rate, servers, mean, times, more in (
        (
            "Arrivals and servers by steps; work in hand goes back",
            ((0.0, 60.0, 180.0, 240.0), (1.0, 1.8, 0.8)),
            ((0.0, 120.0, 180.0, 240.0), (3.0, 5.0, 2.0)),
            2.0,
            (90.0, 150.0, 210.0),
            {},
        ),
        (
            "Servers by steps, down and up again",
            always(1.5),
            ((0.0, 60.0, 120.0, 240.0), (4.0, 1.0, 3.0)),
            1.5,
            (45.0, 90.0, 150.0, 230.0),
            {},
        ),
        (
            "Arrivals by steps, one server",
            ((0.0, 120.0, 240.0), (0.5, 1.2)),
            always(1.0),
            1.0,
            (60.0, 240.0),
            {},
        ),
        (
            "Arrivals by steps, limited room",
            ((0.0, 60.0, 120.0, 180.0), (1.0, 4.0, 1.5)),
            always(3.0),
            1.2,
            (60.0, 90.0, 150.0),
            {"capacity": 10},
        ),
        (
            "Arrivals by steps, patience",
            ((0.0, 60.0, 120.0, 180.0), (2.0, 5.0, 1.0)),
            always(4.0),
            1.0,
            (30.0, 90.0, 115.0),
            {"patience": exponential(3.0)},
        ),
    ):
        patience = more.get("patience")
        params: dict[str, Any] = {
            "arrivals": {"type": "poisson", "rate": rate[1][0]}
            if len(rate[1]) == 1
            else {"type": "steps", "edges": list(rate[0]), "rates": list(rate[1])},
            "servers": int(servers[1][0])
            if len(servers[1]) == 1
            else {
                "edges": list(servers[0]),
                "levels": [int(level) for level in servers[1]],
                "on_drop": "preempt_resume",
            },
            "service": exponential(mean),
            **more,
        }
        answers = transient.exponential_station(
            rate,
            servers,
            mean,
            times,
            int(str(more.get("capacity", 500))),
            float(patience["mean"]) if isinstance(patience, dict) else math.inf,
        )
        yield _transient(title, params, answers, forward)
    steps: Steps = ((0.0, 60.0, 120.0, 180.0), (1.0, 3.0, 0.5))
    service = gamma(15.0, 0.5)
    yield _transient(
        "Arrivals by steps, nobody waits",
        {
            "arrivals": {"type": "steps", "edges": list(steps[0]), "rates": list(steps[1])},
            "servers": 100,
            "service": service,
        },
        transient.nobody_waits(steps, service, (60.0, 110.0, 150.0)),
        "integral of lam(u) P(S > t - u) du",
    )


def _returns() -> Iterator[Case]:
    for rate, share, delay, window, lines, error, detects in (
        (
            20.0,
            0.25,
            gamma(10.0, 0.5),
            30.0,
            {"type": "pmf", "pmf": {"1": 0.5, "2": 0.3, "5": 0.2}},
            0.03,
            0.5,
        ),
        (
            8.0,
            0.4,
            deterministic(12.0),
            60.0,
            {"type": "one_plus_poisson", "mean_extra": 0.8},
            0.05,
            0.0,
        ),
        (15.0, 0.1, lognormal(9.0, 0.9), 45.0, {"type": "pmf", "pmf": {"3": 1.0}}, 0.01, 0.9),
        (
            5.0,
            0.6,
            exponential(30.0),
            20.0,
            {"type": "one_plus_poisson", "mean_extra": 3.0},
            0.04,
            0.25,
        ),
    ):
        yield Case(
            "returns",
            f"Returns after a {delay['type']} delay; lines by {lines['type']}",
            {
                "sales": {"type": "poisson", "rate": rate},
                "return_prob": share,
                "return_delay": delay,
                "window": window,
                "lines": lines,
                "line_error_prob": error,
                "check_detects": detects,
            },
            returned.returns(rate, share, delay, window) | returned.accuracy(lines, error, detects),
            "lam p times the integral of P(delay <= u); E[q^N], q = 1 - e (1 - d)",
            "computed (closed form; rate is E[returned] / E[sold])",
            time_unit="day",
            warmup=0,
            width=0.01,
            widths={"order_accuracy": 0.002, "line_accuracy": 0.001},
        )


def _geometry() -> Iterator[Case]:
    for aisles, picks, length in ((10, 8, 25.0), (6, 3, 40.0), (4, 2, 1.0)):
        answers = returned.places(aisles, picks, length)
        metrics = list(answers) if picks <= 3 else ["aisles_visited", "farthest_aisle"]
        yield Case(
            "geometry",
            f"{picks} picks in {aisles} aisles",
            {"aisles": aisles, "picks": picks, "placement": "uniform", "aisle_length": length},
            chosen(answers, *metrics),
            "A (1 - (1 - 1/A)^n); A - sum (k/A)^n; l n / (n + 1)",
            "computed (closed form)",
            warmup=0,
            width=0.01,
        )
