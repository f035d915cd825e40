from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from sim.experiments import statistics

MODULES = [module.name for module in pkgutil.iter_modules(statistics.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    """What the docstrings show is what comes out."""
    module = importlib.import_module(f"{statistics.__name__}.{name}")

    assert doctest.testmod(module).failed == 0


def test_every_module_is_named_here() -> None:
    """The list of modules is not empty by mistake."""
    assert {"replications", "selection", "stability"} <= set(MODULES)
