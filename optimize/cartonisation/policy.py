"""The planner's box rule: the smallest box in which every unit finds its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from optimize.cartonisation.bounds import turned
from optimize.cartonisation.placing import PlacedBox
from optimize.cartonisation.problem import box_sides, fit_problem, unit_sides
from optimize.cartonisation.solve import fit
from sim.log.facts import BoxDoubt
from sim.policies.boxes import (
    Carton,
    Chosen,
    Contents,
    SmallestBySides,
    Unit,
    in_several_boxes,
)

MOST_UNITS_PLACED = 40
MAX_REMEMBERED = 100_000


class ExactFit:
    """Smallest box that holds weight and, side by side, all units; remembered by contents.

    What no box holds fills the largest unit by unit, as packers do. More than 40 units are packed
    by volume and sides, and the choice is doubted.
    """

    name: ClassVar[str] = "exact_fit"
    summary: ClassVar[str] = (
        "The smallest box in which every unit finds its place, turned as it suits; OR-Tools proves "
        "what is not clear at once."
    )
    looks_at_units: ClassVar[bool] = True

    def __init__(self, cartons: Sequence[Carton]) -> None:
        self._cartons = cartons
        self._boxes = [box_sides(carton.sides_mm) for carton in cartons]
        self._by_sides = SmallestBySides(cartons)
        self._remembered: dict[tuple[tuple[int, int], ...], Chosen] = {}

    def choose(self, contents: Contents) -> Chosen:
        """Return the boxes of a shipment."""
        key = tuple((unit.sku, count) for unit, count in contents.units)
        chosen = self._remembered.get(key)
        if chosen is None:
            if len(self._remembered) >= MAX_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            chosen = self._remembered[key] = self._chosen(contents)
        return chosen

    def _chosen(self, contents: Contents) -> Chosen:
        if sum(count for _, count in contents.units) > MOST_UNITS_PLACED:
            chosen = self._by_sides.choose(contents)
            return Chosen(chosen.parcels, chosen.doubt or int(BoxDoubt.NOT_PROVED))
        units = [unit_sides(unit.sides_mm) for unit, count in contents.units for _ in range(count)]
        doubt = 0
        for number, (box, carton) in enumerate(zip(self._boxes, self._cartons, strict=True)):
            if contents.weight_g > carton.max_weight_g:
                continue
            answer = fit(fit_problem(box, units)).answer
            if answer == "fits":
                void_ml = max(0.0, carton.volume_ml - contents.volume_ml)
                return Chosen([(number, void_ml)], doubt)
            if answer == "not proved":
                doubt = int(BoxDoubt.NOT_PROVED)
        several = in_several_boxes(contents, self._cartons, PlacedFilling)
        return Chosen(several.parcels, several.doubt or doubt)


class PlacedFilling:
    """An open box in which each unit is given the first place that takes it."""

    def __init__(self, carton: Carton) -> None:
        self._box = box_sides(carton.sides_mm)
        self._placed = PlacedBox(self._box)
        self._spare_g = carton.max_weight_g

    def takes(self, unit: Unit) -> bool:
        """Place a unit if weight and sides allow it."""
        sides = unit_sides(unit.sides_mm)
        if unit.weight_g > self._spare_g or not self._placed.takes(turned(sides, self._box)):
            return False
        self._spare_g -= unit.weight_g
        return True
