"""A house in which nothing takes time and nothing goes wrong: a case adds what it is about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.experiments.validation.system import Case, NotInScenarios

Sections = dict[str, dict[str, Any]]

DAY_S = 86_400.0
NOTHING = {"distribution": "deterministic", "value": 0.0}
ONE = {"distribution": "deterministic", "value": 1.0}
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ROUND_THE_CLOCK = (1.0,) * 24
LAWS: Mapping[str, tuple[str, ...]] = {
    "deterministic": ("value",),
    "exponential": ("mean",),
    "gamma": ("mean",),
    "lognormal": ("mean",),
    "uniform": ("low", "high"),
}
"""Laws that a scenario knows by the same name, with the keys that are times."""


def quiet_house(**sections: Mapping[str, Any]) -> Sections:
    """Return the sections of a house that is open day and night, with some keys set otherwise.

    Orders are paid at once, picked, packed and at the door in no time, and nothing comes back. One
    level of keys is laid over the plain ones: ``quiet_house(orders={"per_day": 12.0})``.
    """
    plain: Sections = {
        "run": {"warm_up_days": 0.0, "cool_down_days": 0.0},
        "orders": {
            "hourly_profile": list(ROUND_THE_CLOCK),
            "weekday_profile": [1.0] * 7,
            "lines_per_order": ONE,
            "units_per_line": ONE,
        },
        "customers": {"experience": {"late": 0.0, "stockout": 0.0, "turned_away": 0.0}},
        "items": {"popularity_exponent": 0.0, "categories": {"all": {"return_rate": 0.0}}},
        "entry": {"automated_error_rate_per_line": 0.0},
        "payment": {"instant_share": 1.0, "decline_rate": 0.0, "fraud_hold_share": 0.0},
        "stock": {"unlimited": True},
        "picking": {"batching": "single", "time_s": NOTHING, "error_rate_per_line": 0.0},
        "packing": {
            "time_s": NOTHING,
            "label_s": NOTHING,
            "check_detects": 0.0,
            "damage_rate": 0.0,
            "damage_rate_unprotected": 0.0,
        },
        "shipping": {"services": {"standard": {"continuous": True, "transit_days": NOTHING}}},
        "follow_up": {"share": 0.0},
        "returns": {"late_return_extra": 0.0, "way_back_days": NOTHING},
        "staff": {
            "always": {
                "days": WEEK,
                "start": "00:00",
                "end": "24:00",
                "pickers": 1,
                "returns_clerks": 1,
            }
        },
    }
    for name, keys in sections.items():
        plain[name] = {**plain.get(name, {}), **keys}
    return plain


def number(
    case: Case, params: Mapping[str, Any], key: str, least: float = 0.0, most: float = math.inf
) -> float:
    """Return a number of a case.

    Raises
    ------
    ValueError
        If it is missing, no number, or outside of its range.
    """
    value = params.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(
            f"case {case.name}: {key} is {value!r}; a number from {least:g} to {most:g} is needed"
        )
    return float(value)


def law(case: Case, params: Mapping[str, Any], key: str, factor: float) -> dict[str, Any]:
    """Return a case's law of time as a scenario writes it.

    Parameters
    ----------
    case, params, key
        The case, and where its law stands.
    factor
        What its times are multiplied by.

    Raises
    ------
    NotInScenarios
        If no scenario knows such a law.
    ValueError
        If one of its numbers is missing.
    """
    said = params.get(key)
    kind = said.get("type") if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping) or kind is None or kind not in LAWS:
        raise NotInScenarios(
            f"case {case.name}: {key} is {said!r}; a scenario knows the laws {', '.join(LAWS)}"
        )
    times = {name: number(case, said, name) * factor for name in LAWS[kind]}
    if "cv" in said and "mean" in times:
        if said["cv"] == 0:
            return {"distribution": "deterministic", "value": times["mean"]}
        times["cv"] = number(case, said, "cv")
    return {"distribution": kind, **times}


def whole_numbers(case: Case, pmf: object, key: str) -> dict[str, Any]:
    """Return chances of whole numbers from 1 on as a law of a scenario.

    Raises
    ------
    ValueError
        If they are no chances of such numbers, or do not add up to 1.
    """
    try:
        chances = {int(k): float(p) for k, p in pmf.items()} if isinstance(pmf, Mapping) else {}
    except (TypeError, ValueError):
        chances = {}
    fits = chances and min(chances) >= 1 and min(chances.values()) >= 0.0
    if not fits or not math.isclose(math.fsum(chances.values()), 1.0, abs_tol=1e-9):
        raise ValueError(
            f"case {case.name}: {key} is {pmf!r}; chances of whole numbers from 1 on that add up "
            'to 1 are needed, as {"1": 0.5, "2": 0.5}'
        )
    return {
        "distribution": "empirical",
        "values": list(chances),
        "weights": list(chances.values()),
    }


def no_more_keys(case: Case, known: frozenset[str]) -> None:
    """Refuse a case that says more than is understood here.

    Raises
    ------
    NotInScenarios
        If a key is left.
    """
    strange = sorted(case.params.keys() - known)
    if strange:
        raise NotInScenarios(
            f"case {case.name}: {', '.join(strange)} of kind {case.kind} is not understood; "
            f"known are {', '.join(sorted(known))}"
        )
