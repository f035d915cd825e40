"""Ranks: customers who are served first, or who even interrupt others."""

from __future__ import annotations

from collections.abc import Sequence

from tests.theory.exact_cases import laws
from tests.theory.exact_cases.chains import long_run
from tests.theory.exact_cases.laws import Law
from tests.theory.exact_cases.one_station import erlang_c, m_m_c

Classes = Sequence[tuple[str, float, Law]]
"""Name, rate and service of each class, the highest rank first."""
Answers = dict[str, float]


def non_preemptive(classes: Classes, servers: int = 1) -> Answers:
    """Return W and Wq of each class (Cobham 1954); several servers: one exponential service."""
    if servers == 1:
        left = sum(rate * laws.second_moment(service) for _, rate, service in classes) / 2.0
    else:
        if len({laws.mean(service) for _, _, service in classes}) > 1:
            raise ValueError("several servers need one mean for all classes")
        mean = laws.mean(classes[0][2])
        left = erlang_c(servers, sum(rate for _, rate, _ in classes) * mean) * mean / servers
    answers: Answers = {}
    above = 0.0
    for name, rate, service in classes:
        upto = above + rate * laws.mean(service) / servers
        answers[f"Wq:{name}"] = left / ((1.0 - above) * (1.0 - upto))
        answers[f"W:{name}"] = answers[f"Wq:{name}"] + laws.mean(service)
        above = upto
    return answers | _together(classes, servers, answers)


def preemptive(classes: Classes) -> Answers:
    """Return W and Wq of each class before one server (preemptive-resume; Conway et al. 1967).

    The wait is all the time that the customer is there and not served.
    """
    answers: Answers = {}
    above = left = 0.0
    for name, rate, service in classes:
        upto = above + rate * laws.mean(service)
        left += rate * laws.second_moment(service) / 2.0
        stay = laws.mean(service) / (1.0 - above) + left / ((1.0 - above) * (1.0 - upto))
        answers[f"Wq:{name}"] = stay - laws.mean(service)
        answers[f"W:{name}"] = stay
        above = upto
    return answers | _together(classes, 1, answers)


def preemptive_alike(classes: Classes, servers: int) -> Answers:
    """Return the same for several servers and one exponential service for all classes.

    A class and those above it are a queue M/M/c of their own (Buzen & Bondi 1983).
    """
    answers: Answers = {}
    rate_so_far = number = 0.0
    for name, rate, service in classes:
        rate_so_far += rate
        together = m_m_c(rate_so_far, servers, laws.mean(service))["L"]
        answers[f"W:{name}"] = (together - number) / rate
        answers[f"Wq:{name}"] = answers[f"W:{name}"] - laws.mean(service)
        number = together
    return answers | _together(classes, servers, answers)


def preemptive_two(classes: Classes, servers: int, most: tuple[int, int]) -> Answers:
    """Return the same for two classes of different exponential services: a chain of two numbers."""
    (first, fast, short), (second, slow, long) = classes

    def moves(state: tuple[int, int]) -> list[tuple[float, tuple[int, int]]]:
        high, low = state
        served = min(high, servers)
        return [
            (fast if high < most[0] else 0.0, (high + 1, low)),
            (slow if low < most[1] else 0.0, (high, low + 1)),
            (served / laws.mean(short), (high - 1, low)),
            (min(low, servers - served) / laws.mean(long), (high, low - 1)),
        ]

    p = long_run((0, 0), moves)
    answers: Answers = {}
    for at, (name, rate, service) in enumerate(((first, fast, short), (second, slow, long))):
        answers[f"W:{name}"] = sum(state[at] * share for state, share in p.items()) / rate
        answers[f"Wq:{name}"] = answers[f"W:{name}"] - laws.mean(service)
    return answers | _together(classes, servers, answers)


def _together(classes: Classes, servers: int, answers: Answers) -> Answers:
    """Return the figures of all classes together."""
    total = sum(rate for _, rate, _ in classes)
    line = sum(rate * answers[f"Wq:{name}"] for name, rate, _ in classes)
    busy = sum(rate * laws.mean(service) for _, rate, service in classes)
    return {
        "Wq": line / total,
        "W": (line + busy) / total,
        "Lq": line,
        "L": line + busy,
        "util": busy / servers,
    }
