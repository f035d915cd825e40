"""The warehouse that runs: load a scenario, simulate it, replicate it, compare two, fit one.

Names are looked up when first used, so that ``import sim`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import compare, fit, replicate, simulate
    from sim.errors import BalanceError, ScenarioError
    from sim.scenario.loading import load

_HOMES = {
    "BalanceError": "sim.errors",
    "ScenarioError": "sim.errors",
    "compare": "sim.api",
    "fit": "sim.api",
    "load": "sim.scenario.loading",
    "replicate": "sim.api",
    "simulate": "sim.api",
}

__all__ = ["BalanceError", "ScenarioError", "compare", "fit", "load", "replicate", "simulate"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # the type is that of the name looked up
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
