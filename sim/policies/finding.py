"""Finds the rule that a scenario names: built in, brought by the planner, or installed beside us.

A rule of another package is an entry point ``<decision>.<name>`` of the group ``warelab.policies``.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

ENTRY_POINT_GROUP = "warelab.policies"


def rule_names(
    decision: str, built_in: Mapping[str, Any], planners: Mapping[str, str]
) -> list[str]:
    """Return the names of all rules that can be chosen: built-in, planner's, installed."""
    installed = [name for name, _ in _installed(decision)]
    return list(dict.fromkeys([*built_in, *planners, *installed]))


def find_rule(
    decision: str, name: str, built_in: Mapping[str, Any], planners: Mapping[str, str]
) -> Any:  # noqa: ANN401
    """Return a rule: a class, or what ``built_in`` holds.

    Parameters
    ----------
    decision
        What is decided, as in the names of the entry points: ``boxes``.
    name
        What the scenario says.
    built_in
        The rules of :mod:`sim.policies`; they cannot be replaced.
    planners
        Where the planner's rules stand. A source checkout has no entry points: they are then found
        by these names.

    Raises
    ------
    ValueError
        If there is no such rule, or it cannot be loaded.
    """
    rule = built_in.get(name) or _planned_or_installed(decision, name, planners)
    if rule is None:
        known = rule_names(decision, built_in, planners)
        close = get_close_matches(name, known, n=1)
        hint = f"; did you mean '{close[0]}'?" if close else ""
        raise ValueError(f"unknown {decision} rule {name!r}; known are {', '.join(known)}{hint}")
    return rule


def _planned_or_installed(
    decision: str, name: str, planners: Mapping[str, str]
) -> type[Any] | None:
    targets = list(dict.fromkeys(target for known, target in _installed(decision) if known == name))
    if not targets and name in planners:
        targets = [planners[name]]
    if not targets:
        return None
    if len(targets) > 1:
        raise ValueError(
            f"{decision} rule '{name}' is installed more than once: {', '.join(targets)}"
        )
    module, _, attribute = targets[0].partition(":")
    try:
        rule: type[Any] = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ValueError(
            f"{decision} rule '{name}' ({targets[0]}) cannot be loaded: {error}"
        ) from error
    return rule


def _installed(decision: str) -> list[tuple[str, str]]:
    from importlib.metadata import entry_points

    prefix = f"{decision}."
    return sorted(
        (point.name.removeprefix(prefix), point.value)
        for point in entry_points(group=ENTRY_POINT_GROUP)
        if point.name.startswith(prefix)
    )
