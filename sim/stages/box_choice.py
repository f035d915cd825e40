"""Which boxes a shipment gets: its goods, fragile ones padded, put before the box rule."""

from __future__ import annotations

from collections.abc import Sequence

from sim.policies.boxes import (
    BoxRule,
    Carton,
    Chosen,
    Contents,
    SmallestByVolume,
    Unit,
    resolve_box_rule,
    smallest_box,
)
from sim.scenario.schema.packing import PackingSection
from sim.stages.house import House
from sim.stages.order import Shipment


class BoxChoice:
    """The box rule of the house and what it needs to know of a shipment."""

    def __init__(self, packing: PackingSection) -> None:
        self._rule_type = resolve_box_rule(packing.box_rule)
        self.cartons = [
            Carton(
                box.volume_ml * packing.fill_share,
                box.volume_ml,
                box.max_weight_kg * 1000.0,
                box.sides_mm,
            )
            for box in packing.boxes_by_volume
        ]
        self._rule = self._rule_type(self.cartons)
        self._by_volume = self._rule_type is SmallestByVolume
        self._padding = packing.fragile_padding - 1.0 if packing.protect_fragile else 0.0
        self._units: dict[int, Unit] = {}
        self._rules: dict[tuple[int, ...], BoxRule] = {}

    def choose(self, house: House, leg: Shipment) -> Chosen:
        """Return the boxes of a shipment."""
        if self._by_volume:  # the default, for every order: no detour
            volume_ml = self._volume_ml(house, leg)
            return Chosen(smallest_box(volume_ml, leg.size.weight_g, self.cartons), 0)
        return self._rule.choose(self.contents(house, leg))

    def choose_among(self, boxes: Sequence[int], contents: Contents) -> Chosen:
        """Return the boxes of some goods, of those that are there."""
        rule = self._rules.get(tuple(boxes))
        if rule is None:
            rule = self._rule_type([self.cartons[box] for box in boxes])
            self._rules[tuple(boxes)] = rule
        chosen = rule.choose(contents)
        return chosen._replace(parcels=[(boxes[box], void_ml) for box, void_ml in chosen.parcels])

    def contents(self, house: House, leg: Shipment) -> Contents:
        """Return what goes into the boxes."""
        volume_ml = self._volume_ml(house, leg)
        if not self._rule_type.looks_at_units:
            return Contents(volume_ml, leg.size.weight_g, ())
        counts: dict[int, int] = {}
        for line in leg.lines:
            counts[line.sku] = counts.get(line.sku, 0) + line.units
        units = tuple((self._unit(house, sku), counts[sku]) for sku in sorted(counts))
        return Contents(volume_ml, leg.size.weight_g, units)

    def _volume_ml(self, house: House, leg: Shipment) -> float:
        """Return the volume of the goods; a fragile unit takes more room."""
        volume_ml = leg.volume_ml
        if leg.size.fragile_units and self._padding:
            for line in leg.lines:
                if house.fragile[line.sku]:
                    volume_ml += self._padding * house.volume_ml[line.sku] * line.units
        return volume_ml

    def _unit(self, house: House, sku: int) -> Unit:
        """Return a unit of a SKU; padding makes all three sides longer alike."""
        unit = self._units.get(sku)
        if unit is None:
            factor = 1.0 + (self._padding if house.fragile[sku] else 0.0)
            sides = house.catalogue.sides_mm[sku] * factor ** (1.0 / 3.0)
            long, wide, high = sides.tolist()
            unit = Unit(sku, (long, wide, high), house.volume_ml[sku] * factor, house.weight_g[sku])
            self._units[sku] = unit
        return unit
