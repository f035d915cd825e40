"""Cases of kind ``queue`` with room and patience for all, and other laws of service."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tests.theory.exact_cases import laws, one_station
from tests.theory.exact_cases.case import Case, chosen
from tests.theory.exact_cases.laws import deterministic, exponential, gamma, lognormal
from tests.theory.exact_cases.queue_cases import queue


def cases() -> Iterator[Case]:
    """Yield the cases."""
    service = gamma(1.0, 1.0 / math.sqrt(3.0))
    yield Case(
        "queue",
        "M/E3/1",
        queue(0.75, 1, service),
        chosen(one_station.m_g_1(0.75, service), "Wq", "W", "Lq", "L", "p_wait", "util"),
        "Pollaczek-Khinchine",
        "computed (closed form)",
        warmup=2000,
    )
    for rate, servers, value, late in (
        (2.5, 3, 1.0, 0.5),
        (0.8, 1, 1.0, 1.5),
        (9.0, 10, 1.0, 0.25),
    ):
        yield Case(
            "queue",
            f"M/D/{servers}",
            queue(rate, servers, deterministic(value)),
            chosen(
                one_station.m_d_c(rate, servers, value, [late]),
                "p_wait",
                f"p_wait_gt:{late:g}",
                "Wq",
                "W",
                "Lq",
                "util",
            ),
            "chain of the number after one service; tail after Franx",
            "computed (Crommelin 1932; Franx 2001)",
            warmup=1500,
        )
    service = gamma(1.5, 1.0 / math.sqrt(2.0))
    yield Case(
        "queue",
        "M/E2/2",
        queue(1.0, 2, service),
        chosen(one_station.m_e_c(1.0, 2, service), "p_wait", "Wq", "L", "util"),
        "chain of the line and the phases left of those served",
        "computed (Markov chain)",
        warmup=1500,
    )
    plain = one_station.m_m_c(1.5, 3, 1.5)
    yield Case(
        "queue",
        "M/M/3: late ones",
        queue(1.5, 3, exponential(1.5)),
        chosen(plain, "p_wait", "Wq", "W", "L") | one_station.m_m_c_tail(1.5, 3, 1.5, 2.0),
        "Erlang C; exponential tails",
        "computed (Erlang recursion)",
        warmup=500,
    )
    service = lognormal(4.0, 1.0)
    yield Case(
        "queue",
        "M/G/40: nobody waits",
        queue(2.5, 40, service),
        {"L": 10.0, "W": 4.0, "util": 0.25, "p_sojourn_gt:6": laws.survival(service, 6.0)},
        "Poisson number of mean lam m; the chance to wait is below 1e-10",
        "computed (closed form)",
        warmup=100,
        width=0.02,
    )
