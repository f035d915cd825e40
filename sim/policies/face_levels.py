"""How much lies on a pick face: when it is topped up, and how far."""

from __future__ import annotations

import math
from typing import NamedTuple


class FaceLevels(NamedTuple):
    """Levels of one face in units: top up to ``most`` when it falls to ``least``."""

    least: int
    most: int


def face_levels(
    demand_units_per_day: float,
    unit_volume_ml: float,
    *,
    min_days: float,
    max_days: float,
    face_volume_ml: float,
) -> FaceLevels:
    """Return the levels of a SKU's face by days of mean demand, within the volume of the face.

    Parameters
    ----------
    demand_units_per_day
        Mean demand.
    unit_volume_ml
        Volume of a unit.
    min_days, max_days
        Days of demand at which the face is topped up, and on a full face.
    face_volume_ml
        Volume of the face. One unit always fits: what is too large for a face lies before it.
    """
    fit = max(1, int(face_volume_ml / unit_volume_ml))
    most = min(fit, max(1, math.ceil(demand_units_per_day * max_days)))
    return FaceLevels(min(math.ceil(demand_units_per_day * min_days), most - 1), most)


def units_to_bring(face: int, waited_for: int, reserve: int, levels: FaceLevels) -> int:
    """Return the units a top-up brings: what is waited for, and a full face beside it.

    Nothing is brought while the face holds more than its minimum and nobody waits.
    """
    if face > levels.least and not waited_for:
        return 0
    return min(levels.most + waited_for - face, reserve)
