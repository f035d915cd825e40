from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from optimize.batching.floors import RULES, MaskPrices, has_compiled_price
from optimize.batching.prices import RulePrices
from tests.optimize.batching.small import drawn


@pytest.mark.parametrize("routing", sorted(RULES))
def test_masks_price_as_the_rule_walks(routing: str) -> None:
    """In one block, whatever the depot, for 40 batches of each of 8 floors."""
    for seed in range(8):
        _compare(seed, routing, 1)


@pytest.mark.parametrize("blocks", [2, 3, 4])
def test_masks_price_several_blocks(blocks: int) -> None:
    """The exact rule also where there are cross-aisles between."""
    for seed in range(3):
        _compare(seed, "exact", blocks)


def _compare(seed: int, routing: str, blocks: int) -> None:
    problem = drawn(seed, 20, routing=routing, blocks=blocks)
    assert has_compiled_price(problem)
    masks, walked = MaskPrices(problem), RulePrices(problem)
    rng = np.random.default_rng(seed)
    for _ in range(40):
        batch = tuple(rng.choice(20, size=int(rng.integers(1, 6)), replace=False).tolist())
        assert masks.batch_m(batch) == pytest.approx(walked.batch_m(batch), abs=1e-9)


SEARCH = """
from optimize.batching.solve import solve
from tests.optimize.batching.small import drawn
found = solve(drawn(4, 30), seed=2, iterations=60)
print(found.cost_m, found.batches, found.priced)
"""


def test_compiled_and_interpreted_search_agree() -> None:
    """The same rounds, the same batches, the same number of prices."""
    said = [
        subprocess.run(
            [sys.executable, "-c", SEARCH], env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True, text=True, check=True,
        ).stdout
        for off in ("0", "1")
    ]  # fmt: skip

    assert said[0] == said[1] != ""
