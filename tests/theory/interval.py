"""When a simulated figure counts as equal to an exact one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Estimate:
    """Mean of independent replications and its standard error."""

    mean: float
    standard_error: float
    replications: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Estimate:
        """Return the estimate from one value a replication."""
        sample = np.asarray(values)
        error = float(sample.std(ddof=1)) / math.sqrt(len(sample))
        return cls(math.fsum(values) / len(values), error, len(values))


def assert_reproduces(estimate: Estimate, expected: float, max_rel_half_width: float) -> None:
    """Near the exact value (false alarm 0.1 %), and with a 95 % interval that is narrow enough.

    A wide interval is a failure, not a pass.
    """
    from scipy.stats import t

    n, error = estimate.replications, estimate.standard_error
    assert n >= 10
    assert error > 0.0, "replications are not independent"
    half_width = float(t.ppf(0.975, n - 1)) * error
    assert half_width <= max_rel_half_width * expected, (half_width, expected)
    assert abs(estimate.mean - expected) <= float(t.ppf(0.9995, n - 1)) * error, (
        estimate,
        expected,
    )
