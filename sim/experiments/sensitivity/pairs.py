"""Second-order indices: which dials matter together; Saltelli's design and estimate by SALib.

SALib comes with the extra ``sensitivity`` and is imported here only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.statistics.series import Floats
from sim.orders.streams import ALL_REPLICATIONS, stream

RESAMPLES = 500
LEVEL = 0.95


@dataclass(frozen=True)
class Pair:
    """The share of the variance that is due to two dials together, above what each does alone.

    Parameters
    ----------
    first, second
        Numbers of the dials, ``first`` below ``second``.
    index, lo, hi
        Second-order index with its 95 % interval; an estimate may lie below 0.
    """

    first: int
    second: int
    index: float
    lo: float
    hi: float


def saltelli_design(factors: int, points: int, seed: int) -> Floats:
    """Return points to run: (2 factors + 2) x points x factors, shares 0 to 1.

    Block 0 is A, block 1 is B, block 2 + i is A with column i of B, and block 2 + factors + i is
    B with column i of A; from scrambled Sobol sequences.

    Parameters
    ----------
    factors
        Number of factors, >= 2.
    points
        Points of a block, a power of 2.
    seed
        Seed of the scrambling.

    References
    ----------
    Saltelli (2002), Making best use of model evaluations to compute sensitivity indices.
    """
    from SALib.sample import sobol

    rows = sobol.sample(_problem(factors), points, calc_second_order=True, seed=_seed(seed))
    apart = np.asarray(rows, dtype=np.float64).reshape(points, 2 * factors + 2, factors)
    design: Floats = apart.transpose(1, 0, 2)[[0, -1, *range(1, 2 * factors + 1)]]
    return design


def pairs_of(outputs: Floats, seed: int) -> list[Pair]:
    """Return the second-order index of each pair of factors.

    Parameters
    ----------
    outputs
        (2 factors + 2) x points, the output at each point of :func:`saltelli_design`; they vary.
    seed
        Seed of the bootstrap.
    """
    from SALib.analyze import sobol

    factors = len(outputs) // 2 - 1
    in_rows = outputs[[0, *range(2, 2 * factors + 2), 1]].T.ravel()
    found = sobol.analyze(
        _problem(factors),
        in_rows,
        calc_second_order=True,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        seed=_seed(seed),
    )
    pairs = []
    for i in range(factors):
        for j in range(i + 1, factors):
            index, half = float(found["S2"][i, j]), float(found["S2_conf"][i, j])
            pairs.append(Pair(i, j, index, index - half, index + half))
    return pairs


def _problem(factors: int) -> dict[str, Any]:
    names = [f"x{i}" for i in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}


def _seed(seed: int) -> int:
    """Return a seed that SALib takes: above 0, as it reads 0 as none."""
    draws = stream(seed, "sensitivity/salib", ALL_REPLICATIONS)
    return int(draws.integers(1, 2**31))
