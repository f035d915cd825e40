"""Returns counted in a window, orders without a wrong line, and where picks lie."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tests.theory.exact_cases import laws
from tests.theory.exact_cases.laws import Law

Answers = dict[str, float]


def returns(rate: float, share: float, delay: Law, window: float) -> Answers:
    """Return the units that come back in the window in which they were sold."""
    inside = window - laws.mean_up_to(delay, window)  # the integral of P(delay <= u)
    return {
        "returned_units": rate * share * inside,
        "rate_of_return_window": share * inside / window,
    }


def accuracy(lines: Mapping[str, object], error: float, detects: float) -> Answers:
    """Return the share of orders and of lines that are right: E[q ** N] and q."""
    right = 1.0 - error * (1.0 - detects)
    if lines["type"] == "pmf":
        pmf = lines["pmf"]
        assert isinstance(pmf, Mapping)
        orders = sum(p * right ** int(n) for n, p in pmf.items())
    else:
        extra = float(str(lines["mean_extra"]))
        orders = right * math.exp(-extra * (1.0 - right))
    return {"order_accuracy": orders, "line_accuracy": right}


def places(aisles: int, picks: int, length: float) -> Answers:
    """Return where independent uniform picks lie in parallel aisles, numbered from 1."""
    return {
        "aisles_visited": aisles * (1.0 - (1.0 - 1.0 / aisles) ** picks),
        "farthest_aisle": aisles - sum((k / aisles) ** picks for k in range(1, aisles)),
        "farthest_in_aisle_given_all_in_one": length * picks / (picks + 1.0),
    }
