"""Small cases for tests."""

from __future__ import annotations

from typing import Any

from sim.experiments.validation.system import Case, Row


def exponential(mean: float) -> dict[str, Any]:
    """Return an exponential law as a case writes it."""
    return {"type": "exponential", "mean": mean}


def poisson(rate: float) -> dict[str, Any]:
    """Return Poisson arrivals as a case writes them."""
    return {"type": "poisson", "rate": rate}


def case_of(
    kind: str,
    params: dict[str, Any],
    figures: dict[str, float],
    *,
    rel: float = 0.1,
    warm_up: float = 100.0,
    unit_s: float = 60.0,
) -> Case:
    """Return a case with figures of one width."""
    rows = tuple(Row(metric, expected, rel, warm_up) for metric, expected in figures.items())
    return Case(f"{kind}, test", kind, "a test", unit_s, params, rows)


def half_used(**more: Any) -> dict[str, Any]:
    """Return an M/M/1 that is half used: Wq = 1, W = 2, L = 1 with a mean service of 1."""
    return {"arrivals": poisson(0.5), "servers": 1, "service": exponential(1.0), **more}
