"""Which carton a shipment gets: the smallest that holds its volume and weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Carton(NamedTuple):
    """A box by what it can take; the set is ordered by volume."""

    usable_ml: float
    volume_ml: float
    max_weight_g: float


def smallest_box(
    volume_ml: float, weight_g: float, cartons: Sequence[Carton]
) -> list[tuple[int, float]]:
    """Return the boxes of a shipment as (box, void in millilitres).

    Parameters
    ----------
    volume_ml
        Volume of the goods, padding of fragile units included.
    weight_g
        Weight of the goods.
    cartons
        Box set, smallest first, at least one.

    Notes
    -----
    What no box can hold is shared over several of the largest, and the rest gets its smallest box.
    Goods are taken as divisible: an item larger than the largest box still counts by its volume.
    """
    for index, carton in enumerate(cartons):
        if volume_ml <= carton.usable_ml and weight_g <= carton.max_weight_g:
            return [(index, max(0.0, carton.volume_ml - volume_ml))]
    last = len(cartons) - 1
    largest = cartons[last]
    by_volume = largest.usable_ml / volume_ml if volume_ml else 1.0
    by_weight = largest.max_weight_g / weight_g if weight_g else 1.0
    share = min(1.0, by_volume, by_weight)
    full = max(1, int(1.0 / share + 1e-9))
    boxes = [(last, max(0.0, largest.volume_ml - volume_ml * share))] * full
    left = 1.0 - full * share
    if left > 1e-9:
        boxes = boxes + smallest_box(volume_ml * left, weight_g * left, cartons)
    return boxes
