"""Sides of a unit from its volume and its proportions: longest, middle and shortest side."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def sides_mm(volume_ml: Floats, length_to_width: Floats, width_to_height: Floats) -> Floats:
    """Return the sides of cuboids of some volumes.

    Parameters
    ----------
    volume_ml
        Volume of a unit. Shape (K,).
    length_to_width, width_to_height
        Longest side / middle side and middle side / shortest side; below 1 counts as 1. Shape (K,).

    Returns
    -------
        Shape (K, 3), mm, longest first; the product of the sides is the volume.
    """
    long, flat = np.maximum(length_to_width, 1.0), np.maximum(width_to_height, 1.0)
    middle = np.cbrt(volume_ml * 1000.0 * flat / long)
    return np.column_stack([middle * long, middle, middle / flat])
