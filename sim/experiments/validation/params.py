"""Reads what a case says of its system, and puts it into a scenario's words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.experiments.validation.system import NotInScenarios

Params = Mapping[str, Any]

_NUMBERS = {
    "exponential": ("mean",),
    "deterministic": ("value",),
    "gamma": ("mean", "cv"),
    "lognormal": ("mean", "cv"),
    "uniform": ("low", "high"),
}
MAY_BE_0 = ("value", "cv", "low")


def only(params: Params, known: Iterable[str], where: str) -> None:
    """Refuse what is not played: a key that is left aside would be another system.

    Raises
    ------
    NotInScenarios
        Naming every key that is not known.
    """
    strange = [key for key in params if key not in tuple(known)]
    if strange:
        raise NotInScenarios(f"{where} with {', '.join(sorted(strange))}")


def needed(params: Params, key: str) -> Any:  # noqa: ANN401  # JSON
    """Return a value that must be there.

    Raises
    ------
    ValueError
        It is not.
    """
    if key not in params:
        raise ValueError(f"params without {key!r}; found {', '.join(sorted(params)) or 'none'}")
    return params[key]


def positive(value: object, name: str) -> float:
    """Return a number above 0.

    Raises
    ------
    ValueError
        It is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e12:
        raise ValueError(f"{name} {value!r}; a number above 0 is expected")
    return float(value)


def count(value: object, name: str) -> int:
    """Return a whole number above 0.

    Raises
    ------
    ValueError
        It is something else.
    """
    number = positive(value, name)
    if number != int(number):
        raise ValueError(f"{name} {value!r}; a whole number is expected")
    return int(number)


def number(params: Params, key: str, least: float = 0.0, most: float = math.inf) -> float:
    """Return a number between two limits.

    Raises
    ------
    ValueError
        It is missing, no number, or outside of them.
    """
    value = params.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        limits = f"from {least:g} on" if most == math.inf else f"from {least:g} to {most:g}"
        raise ValueError(f"{key} is {value!r}; a number {limits} is expected")
    return float(value)


def whole_numbers(chances: object, name: str) -> dict[str, Any]:
    """Return chances of whole numbers from 1 on as a law of counts of a scenario.

    Raises
    ------
    ValueError
        They are no chances of such numbers, or do not add up to 1.
    """
    try:
        pmf = {int(k): float(p) for k, p in chances.items()} if isinstance(chances, Mapping) else {}
    except (TypeError, ValueError):
        pmf = {}
    fits = pmf and min(pmf) >= 1 and min(pmf.values()) >= 0.0
    if not fits or not math.isclose(math.fsum(pmf.values()), 1.0, abs_tol=1e-9):
        raise ValueError(
            f"{name} is {chances!r}; chances of whole numbers from 1 on that add up to 1 are "
            'expected, as {"1": 0.5, "2": 0.5}'
        )
    return {"distribution": "empirical", "values": list(pmf), "weights": list(pmf.values())}


def law(given: object, unit_s: float, name: str) -> dict[str, Any]:
    """Return a law of time in a scenario's words, in seconds.

    Parameters
    ----------
    given
        The law as a case writes it, in units of ``unit_s`` seconds.
    unit_s
        Seconds in the case's unit of time.
    name
        What it is the law of, for messages.

    Raises
    ------
    NotInScenarios
        No law of scenarios.
    ValueError, TypeError
        A law without its numbers, or no law.
    """
    if not isinstance(given, Mapping):
        raise TypeError(f"{name} {given!r}; a law such as {{'type': 'exponential', 'mean': 1}}")
    kind = given.get("type")
    if kind not in _NUMBERS:
        raise NotInScenarios(f"a law of the type {kind!r} ({name})")
    only(given, ("type", *_NUMBERS[kind]), f"a {kind} law")
    numbers = {key: needed(given, key) for key in _NUMBERS[kind]}
    for key, value in numbers.items():
        if not (key in MAY_BE_0 and value == 0):
            positive(value, f"{name}.{key}")
    if numbers.get("cv") == 0:
        return {"distribution": "deterministic", "value": numbers["mean"] * unit_s}
    scaled = {key: value * (1.0 if key == "cv" else unit_s) for key, value in numbers.items()}
    return {"distribution": kind, **scaled}


def mean_of(given: Params) -> float:
    """Return the mean of a law as a case writes it."""
    if "low" in given:
        return 0.5 * float(given["low"] + given["high"])
    return float(given.get("mean", given.get("value", 0.0)))


@dataclass(frozen=True)
class Customers:
    """A Poisson stream of customers, alone or several at the same moment.

    Parameters
    ----------
    rate
        Customers in the case's unit of time.
    at_once
        How many come together, as a scenario writes its law; None: one by one.
    """

    rate: float
    at_once: Mapping[str, Any] | None = None


def customers(arrivals: object, name: str = "arrivals") -> Customers:
    """Return a Poisson stream of customers; a batch's rate is turned into that of its customers.

    Parameters
    ----------
    arrivals
        As a case writes it: ``poisson``, or ``poisson_batch`` with a rate of batches.
    name
        What comes, for messages.

    Raises
    ------
    NotInScenarios
        Arrivals of another kind.
    ValueError, TypeError
        A rate that is none, or no arrivals.
    """
    if not isinstance(arrivals, Mapping):
        raise TypeError(f"{name} {arrivals!r}; {{'type': 'poisson', 'rate': 1}} is expected")
    kind = arrivals.get("type")
    if kind not in ("poisson", "poisson_batch"):
        raise NotInScenarios(f"{name} of the type {kind!r}")
    keys = ("type", "rate", "batch_pmf") if kind == "poisson_batch" else ("type", "rate")
    only(arrivals, keys, f"{kind} {name}")
    rate = positive(needed(arrivals, "rate"), f"{name}.rate")
    if kind == "poisson":
        return Customers(rate)
    at_once = whole_numbers(needed(arrivals, "batch_pmf"), f"{name}.batch_pmf")
    mean = math.fsum(
        number * chance
        for number, chance in zip(at_once["values"], at_once["weights"], strict=True)
    )
    return Customers(rate * mean, at_once)
