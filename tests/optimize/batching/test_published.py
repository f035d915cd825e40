from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.benchmarks.published import batching, foodmart
from tests.benchmarks.published.frame import PublishedSet

SETS = {one.name: one for one in [*batching.SETS, *foodmart.SETS]}


def folder(shared_data: Path, published: PublishedSet) -> Path:
    """Return where a set is kept."""
    found = shared_data / "data" / published.folder
    return found if found.is_dir() else shared_data / published.folder


def test_small_published_problems_are_solved_to_their_optimum(shared_data: Path) -> None:
    """Every hundredth of the 900 of Bahceci and Oncan, and five with boxes in two blocks."""
    for name, step in (("bo", 100), ("foodmart", 1)):
        found = SETS[name].instances(folder(shared_data, SETS[name]))
        for instance in islice(found, 0, None, step):
            answer = instance.solve(10.0, 1)
            assert answer.value == pytest.approx(instance.best_known, abs=0.01), instance.name


@pytest.mark.parametrize("name", ["hw", "mo"])
def test_no_answer_beats_a_proven_optimum(shared_data: Path, name: str) -> None:
    """A price that is too low would show; nor is the search worse than savings alone."""
    published = SETS[name]
    for instance in islice(published.instances(folder(shared_data, published)), 0, None, 60):
        if instance.is_optimal:
            value = instance.solve(0.3, 1).value
            assert value >= instance.best_known * (1.0 - 1e-9), instance.name
