from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LENGTHS_AND_ORDERS = """
import json
import numpy as np
from optimize.compiled import IS_COMPILED
from optimize.routing.exact import shortest_lengths_m, shortest_way
from sim.policies.routing import Corner
from sim.warehouse.layout import RectangularLayout

rng = np.random.default_rng(5)
found = []
for blocks in (1, 2, 3):
    floor = RectangularLayout(5, 9, 1.3, 3.7, 0.45, 1.5, blocks=blocks)
    lists = [rng.integers(floor.locations, size=8).tolist() for _ in range(6)]
    found.append([length.hex() for length in shortest_lengths_m(floor, lists).tolist()])
    end = Corner(4.0, floor.cross_aisles_m[-1])
    ways = [shortest_way(floor, stops, end=end) for stops in lists]
    found.append([[way.length_m.hex(), way.corners, way.order] for way in ways])
print(json.dumps([IS_COMPILED, found]))
"""


def test_interpreted_and_compiled_agree_to_the_last_bit() -> None:
    """Lengths, walks and orders are the same bytes with and without the compiler."""
    said = []
    for disabled in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", LENGTHS_AND_ORDERS],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        said.append(json.loads(done.stdout))
    (is_compiled, compiled), (is_interpreted, interpreted) = said
    assert [is_compiled, is_interpreted] == [True, False]
    assert compiled == interpreted
