"""Cases of kind ``queue`` in the long run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.theory.exact_cases import one_station, ranks
from tests.theory.exact_cases.case import Case, chosen
from tests.theory.exact_cases.laws import Law, deterministic, exponential, gamma, lognormal


def queue(rate: float, servers: int, service: Law, **options: Any) -> dict[str, Any]:
    """Return the params of a station with Poisson arrivals."""
    return {
        "arrivals": {"type": "poisson", "rate": rate},
        "servers": servers,
        "service": service,
        **options,
    }


def batches(rate: float, pmf: Mapping[int, float], servers: int, service: Law) -> dict[str, Any]:
    """Return the params of a station with arrivals in batches."""
    named = {str(size): share for size, share in pmf.items()}
    return {
        "arrivals": {"type": "poisson_batch", "rate": rate, "batch_pmf": named},
        "servers": servers,
        "service": service,
    }


def ranked(rule: str, servers: int, classes: ranks.Classes) -> dict[str, Any]:
    """Return the params of a station with ranks."""
    return {
        "priority": rule,
        "servers": servers,
        "classes": [
            {"name": name, "rank": rank, "rate": rate, "service": service}
            for rank, (name, rate, service) in enumerate(classes)
        ],
    }


def cases() -> Iterator[Case]:
    """Yield the cases."""
    yield from _limited_room()
    yield from _impatient()
    yield from _ranked()
    yield from _vacations()
    yield from _in_batches()
    yield from _unequal()


def _limited_room() -> Iterator[Case]:
    room = ("p_block", "L", "Lq", "Wq", "W", "util")
    for rate, servers, mean, places in ((2.4, 3, 1.2, 8), (0.9, 1, 1.0, 5)):
        yield Case(
            "queue",
            f"M/M/{servers}/{places}: room for {places}",
            queue(rate, servers, exponential(mean), capacity=places),
            chosen(
                one_station.m_m_c_room(rate, servers, mean, places), *room, "p_wait", "throughput"
            ),
            "birth and death up to K; waits of those who entered, shares of all arrivals",
            "computed (birth and death)",
            warmup=500,
        )
    for rate, service, places in (
        (0.95, deterministic(1.0), 6),
        (0.8, lognormal(1.1, 1.4), 10),
        (1.3, gamma(1.0, 0.5), 4),
    ):
        yield Case(
            "queue",
            f"M/G/1/{places}, {service['type']} service",
            queue(rate, 1, service, capacity=places),
            chosen(one_station.m_g_1_room(rate, service, places), *room),
            "chain at departures pi; P(n) = pi_n / (pi_0 + rho), P(K) = 1 - 1 / (pi_0 + rho)",
            "computed (Gross et al. 2008, section 5.1.8)",
            warmup=500,
        )
    service = lognormal(2.0, 1.2)
    lost = one_station.erlang_b(5, 6.0)
    yield Case(
        "queue",
        "M/G/5/5: no room to wait (Erlang B)",
        queue(3.0, 5, service, capacity=5),
        {
            "p_block": lost,
            "L": 6.0 * (1.0 - lost),
            "util": 6.0 * (1.0 - lost) / 5,
            "W": 2.0,
        },
        "Erlang B, whatever the law of the service",
        "computed (Erlang recursion)",
        warmup=200,
        width=0.02,
    )
    yield Case(
        "queue",
        "M/M/3/9 + M: limited room and patience",
        queue(2.6, 3, exponential(1.3), capacity=9, patience=exponential(3.0)),
        chosen(
            one_station.m_m_c_room(2.6, 3, 1.3, 9, 3.0),
            "p_block",
            "p_abandon",
            "Wq",
            "L",
            "Lq",
            "util",
        ),
        "birth and death; down rate min(n, c) mu + (n - c)+ theta",
        "computed (birth and death)",
        warmup=200,
        widths={"p_block": 0.05},
    )


def _impatient() -> Iterator[Case]:
    for rate, servers, mean, patience, late in (
        (4.0, 4, 1.0, exponential(2.0), 0.5),
        (0.9, 1, 1.0, exponential(5.0), 2.0),
        (3.0, 3, 0.9, deterministic(1.5), 0.5),
        (1.1, 1, 1.0, deterministic(4.0), 2.0),
        (5.5, 5, 1.0, gamma(1.0, 0.5), 0.5),
        (2.0, 2, 1.1, lognormal(3.0, 1.5), 1.0),
    ):
        yield Case(
            "queue",
            f"M/M/{servers} + G, {patience['type']} patience",
            queue(rate, servers, exponential(mean), patience=patience),
            chosen(
                one_station.m_m_c_patience(rate, servers, mean, patience, [late]),
                "p_abandon",
                "p_wait",
                f"p_wait_gt:{late:g}",
                "Wq",
                "W",
                "Lq",
                "util",
            ),
            "density of the offered wait ~ exp(lam E[min(patience, v)] - c mu v); "
            "waits also of those who leave",
            "computed (Baccelli & Hebuterne 1981; Zeltyn & Mandelbaum 2005)",
            warmup=300,
        )


def _ranked() -> Iterator[Case]:
    one: Sequence[ranks.Classes] = (
        (("express", 0.3, exponential(1.0)), ("standard", 0.4, exponential(1.2))),
        (
            ("gold", 0.2, exponential(0.8)),
            ("silver", 0.25, gamma(1.2, 0.6)),
            ("bronze", 0.3, deterministic(1.0)),
        ),
    )
    for classes in one:
        yield Case(
            "queue",
            f"M/G/1, {len(classes)} classes, preemptive-resume",
            ranked("pr", 1, classes),
            _of_classes(ranks.preemptive(classes), classes, "util"),
            "W_k = (m_k (1 - s_k) + R_k) / ((1 - s_(k-1)) (1 - s_k)); Wq = W - m",
            "computed (closed form)",
            warmup=3000,
            width=0.04,
        )
    alike = (("express", 1.0, exponential(1.0)), ("standard", 1.4, exponential(1.0)))
    yield Case(
        "queue",
        "M/M/3, 2 classes, preemptive-resume",
        ranked("pr", 3, alike),
        _of_classes(ranks.preemptive_alike(alike, 3), alike, "util"),
        "each class and those above it are M/M/c; differences of L",
        "computed (Buzen & Bondi 1983)",
        warmup=1000,
        width=0.04,
    )
    alike_3 = (
        ("gold", 0.5, exponential(1.5)),
        ("silver", 0.4, exponential(1.5)),
        ("bronze", 0.2, exponential(1.5)),
    )
    yield Case(
        "queue",
        "M/M/2, 3 classes, preemptive-resume",
        ranked("pr", 2, alike_3),
        _of_classes(ranks.preemptive_alike(alike_3, 2), alike_3, "L"),
        "each class and those above it are M/M/c; differences of L",
        "computed (Buzen & Bondi 1983)",
        warmup=1500,
        width=0.04,
    )
    other = (("express", 0.6, exponential(0.8)), ("standard", 0.5, exponential(2.0)))
    yield Case(
        "queue",
        "M/M/2, 2 classes of different times, preemptive-resume",
        ranked("pr", 2, other),
        _of_classes(ranks.preemptive_two(other, 2, (60, 250)), other, "util"),
        "chain of the two numbers; the lower class has the servers that are left",
        "computed (Markov chain)",
        warmup=1500,
        width=0.04,
    )
    plain = (
        ("gold", 1.0, exponential(1.4)),
        ("silver", 0.8, exponential(1.4)),
        ("bronze", 0.7, exponential(1.4)),
    )
    yield Case(
        "queue",
        "M/M/4, 3 classes, non-preemptive",
        ranked("np", 4, plain),
        _of_classes(ranks.non_preemptive(plain, 4), plain, "Wq", "Lq"),
        "Wq_k = W0 / ((1 - s_(k-1)) (1 - s_k)), W0 = C(c, a) m / c",
        "computed (Cobham 1954)",
        warmup=2000,
        width=0.04,
    )
    mixed = (
        ("express", 0.25, deterministic(0.8)),
        ("standard", 0.3, lognormal(1.0, 1.2)),
        ("bulk", 0.1, gamma(2.0, 0.7)),
    )
    yield Case(
        "queue",
        "M/G/1, 3 classes, non-preemptive",
        ranked("np", 1, mixed),
        _of_classes(ranks.non_preemptive(mixed), mixed, "Lq", "util"),
        "Wq_k = W0 / ((1 - s_(k-1)) (1 - s_k)), W0 = sum lam E[S^2] / 2",
        "computed (Cobham 1954)",
        warmup=2000,
        width=0.04,
    )


def _of_classes(
    answers: Mapping[str, float], classes: ranks.Classes, *more: str
) -> dict[str, float]:
    names = [name for name, _, _ in classes]
    return chosen(
        answers, *(f"Wq:{name}" for name in names), *(f"W:{name}" for name in names), *more
    )


def _vacations() -> Iterator[Case]:
    for rate, service, rest in (
        (0.6, exponential(1.0), exponential(3.0)),
        (0.7, gamma(1.0, 0.5), deterministic(5.0)),
        (0.4, deterministic(1.5), gamma(2.0, 1.5)),
        (0.5, lognormal(1.2, 1.0), lognormal(4.0, 0.8)),
    ):
        yield Case(
            "queue",
            f"M/G/1 with multiple vacations, {rest['type']}",
            queue(rate, 1, service, vacation={**rest, "rule": "multiple"}),
            chosen(one_station.m_g_1(rate, service, rest), "Wq", "W", "Lq", "L", "util"),
            "Wq = lam E[S^2] / (2 (1 - rho)) + E[V^2] / (2 E[V])",
            "computed (Fuhrmann & Cooper 1985)",
            warmup=2000,
        )
    yield Case(
        "queue",
        "M/M/1 with multiple vacations: late ones",
        queue(0.55, 1, exponential(1.2), vacation={**exponential(4.0), "rule": "multiple"}),
        {
            "Wq": one_station.m_g_1(0.55, exponential(1.2), exponential(4.0))["Wq"],
            "p_wait_gt:6": one_station.m_m_1_vacation_late(0.55, 1.2, 4.0, 6.0),
        },
        "wait of M/M/1 plus what is left of a vacation, independent",
        "computed (Fuhrmann & Cooper 1985)",
        warmup=1000,
    )


def _in_batches() -> Iterator[Case]:
    for rate, pmf, servers, mean in (
        (0.3, {1: 0.5, 2: 0.3, 4: 0.2}, 1, 1.5),
        (1.0, {1: 0.4, 3: 0.6}, 3, 1.0),
        (0.5, {2: 1.0}, 2, 1.4),
    ):
        yield Case(
            "queue",
            f"M^X/M/{servers}: lines arrive in batches",
            batches(rate, pmf, servers, exponential(mean)),
            chosen(
                one_station.batches_m_c(rate, pmf, servers, mean),
                "Wq",
                "W",
                "L",
                "Lq",
                "p_wait",
                "util",
                "throughput",
            ),
            "cuts: batches up through n = services down from n + 1; per line",
            "computed (numerical)",
            warmup=1500,
            width=0.04,
        )
    for rate, pmf, service in (
        (0.4, {1: 0.5, 2: 0.5}, deterministic(1.2)),
        (0.25, {1: 0.6, 2: 0.2, 5: 0.2}, gamma(1.3, 0.6)),
    ):
        yield Case(
            "queue",
            f"M^X/G/1, {service['type']} service",
            batches(rate, pmf, 1, service),
            chosen(one_station.batches_g_1(rate, pmf, service), "Wq", "W", "L", "Lq", "util"),
            "Wq = (lam E[X] E[S^2] / 2 + (E[X^2] / E[X] - 1) m / 2) / (1 - rho); per line",
            "computed (Burke 1975)",
            warmup=1500,
            width=0.04,
        )


def _unequal() -> Iterator[Case]:
    for rate, means in ((1.2, (0.8, 1.5, 3.0)), (0.9, (2.0, 1.0)), (1.6, (1.0, 1.0, 2.5, 4.0))):
        yield Case(
            "queue",
            f"{len(means)} unequal servers, the fastest of the idle first",
            queue(
                rate,
                len(means),
                {"type": "exponential"},
                server_mean_times=list(means),
                dispatch="fastest_idle_first",
            ),
            chosen(
                one_station.unequal(rate, means),
                "Wq",
                "W",
                "L",
                "Lq",
                "p_wait",
                "util",
                *(f"util:{i + 1}" for i in range(len(means))),
            ),
            "chain of the line and who is busy; util:i of the i-th of server_mean_times, from 1",
            "computed (Gumbel 1960, numerical)",
            warmup=1000,
        )
