"""Which carton a shipment gets: the smallest that holds its goods, by one rule or another.

The rule ``volume`` looks at volume and weight only; ``volume_and_sides`` also wants every unit to
fit by its sides. The planner's ``exact_fit`` finds a place for every unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple, Protocol

from sim.log.facts import BoxDoubt
from sim.policies.finding import find_rule, rule_names

Sides = tuple[float, float, float]
"""Length, width and height in mm, longest first."""
Parcel = tuple[int, float]
"""Box number and void in millilitres."""

# A source checkout has no entry points: the planner's rules are then found by these names.
PLANNER_RULES = {"exact_fit": "optimize.cartonisation.policy:ExactFit"}


class Carton(NamedTuple):
    """A box by what it can take; the set is ordered by volume."""

    usable_ml: float
    volume_ml: float
    max_weight_g: float
    sides_mm: Sides


class Unit(NamedTuple):
    """A unit of goods as it goes into the box, padding of a fragile one included."""

    sku: int
    sides_mm: Sides
    volume_ml: float
    weight_g: float


class Contents(NamedTuple):
    """What a shipment holds, padding included.

    ``units`` are the kinds of units with their numbers, by SKU; empty for rules that do not look at
    single units.
    """

    volume_ml: float
    weight_g: float
    units: tuple[tuple[Unit, int], ...]


class Chosen(NamedTuple):
    """The boxes of a shipment; ``doubt`` is a BoxDoubt, 0 without any."""

    parcels: list[Parcel]
    doubt: int


class BoxRule(Protocol):
    """A rule that chooses the boxes of a shipment.

    Attributes
    ----------
    name
        What a scenario calls the rule.
    summary
        The rule in one sentence.
    looks_at_units
        Whether the rule needs the single units.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    looks_at_units: ClassVar[bool]

    def __init__(self, cartons: Sequence[Carton]) -> None:
        """Take the box set: smallest first, at least one."""
        ...

    def choose(self, contents: Contents) -> Chosen:
        """Return the boxes of a shipment; what no box can hold is shared over several."""
        ...


class SmallestByVolume:
    """Smallest box by volume and weight; the goods count as divisible."""

    name: ClassVar[str] = "volume"
    summary: ClassVar[str] = "The smallest box that holds volume and weight."
    looks_at_units: ClassVar[bool] = False

    def __init__(self, cartons: Sequence[Carton]) -> None:
        self._cartons = cartons

    def choose(self, contents: Contents) -> Chosen:
        """Return the boxes of a shipment."""
        return Chosen(smallest_box(contents.volume_ml, contents.weight_g, self._cartons), 0)


def smallest_box(volume_ml: float, weight_g: float, cartons: Sequence[Carton]) -> list[Parcel]:
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


class SmallestBySides:
    """Smallest box by volume and weight into which every unit fits by its sides."""

    name: ClassVar[str] = "volume_and_sides"
    summary: ClassVar[str] = (
        "The smallest box that holds volume and weight, and every unit for itself by its sides."
    )
    looks_at_units: ClassVar[bool] = True

    def __init__(self, cartons: Sequence[Carton]) -> None:
        self._cartons = cartons

    def choose(self, contents: Contents) -> Chosen:
        """Return the boxes of a shipment."""
        for box, carton in enumerate(self._cartons):
            if (
                contents.volume_ml <= carton.usable_ml
                and contents.weight_g <= carton.max_weight_g
                and all(fits_alone(unit, carton) for unit, _ in contents.units)
            ):
                return Chosen([(box, max(0.0, carton.volume_ml - contents.volume_ml))], 0)
        return in_several_boxes(contents, self._cartons, LooseFilling)


class Filling(Protocol):
    """An open box that is filled unit by unit."""

    def __init__(self, carton: Carton) -> None: ...

    def takes(self, unit: Unit) -> bool:
        """Put a unit in if there is room for it; tell whether there was."""
        ...


class LooseFilling:
    """A box filled by volume, weight and the sides of the single unit."""

    def __init__(self, carton: Carton) -> None:
        self._carton = carton
        self._volume_ml = 0.0
        self._weight_g = 0.0

    def takes(self, unit: Unit) -> bool:
        """Put a unit in if volume, weight and its sides allow it."""
        carton = self._carton
        volume_ml, weight_g = self._volume_ml + unit.volume_ml, self._weight_g + unit.weight_g
        if volume_ml > carton.usable_ml or weight_g > carton.max_weight_g:
            return False
        if not fits_alone(unit, carton):
            return False
        self._volume_ml, self._weight_g = volume_ml, weight_g
        return True


def fits_alone(unit: Unit, carton: Carton) -> bool:
    """Tell whether the sides of a unit are within those of a box, turned as it fits best."""
    length, width, height = unit.sides_mm
    long, wide, high = carton.sides_mm
    return length <= long and width <= wide and height <= high


def in_several_boxes(
    contents: Contents, cartons: Sequence[Carton], filling: type[Filling]
) -> Chosen:
    """Share what no box can hold over several: fill a box, largest unit first, then the next.

    Each box is the largest into which the largest unit left fits, or a smaller one if that holds
    all that is left. A unit that fits into no box counts by its volume, as divisible, and the
    choice is doubted.
    """
    kinds = sorted(contents.units, key=lambda kind: (-kind[0].volume_ml, kind[0].sku))
    left = [unit for unit, count in kinds for _ in range(count)]
    parcels: list[Parcel] = []
    doubt = 0
    while left:
        box, inside, rest = _next_box(left, cartons, filling)
        if box < 0:
            doubt = int(BoxDoubt.OVERSIZE)
            unit, rest = left[0], left[1:]
            parcels += smallest_box(unit.volume_ml, unit.weight_g, cartons)
        else:
            parcels.append((box, max(0.0, cartons[box].volume_ml - inside)))
        left = rest
    return Chosen(parcels, doubt)


def _next_box(
    left: list[Unit], cartons: Sequence[Carton], filling: type[Filling]
) -> tuple[int, float, list[Unit]]:
    """Return the next box (-1: none takes the first unit), its goods in ml, and what is left."""
    best = -1, 0.0, left
    for box, carton in enumerate(cartons):
        open_box = filling(carton)
        if not open_box.takes(left[0]):
            continue
        inside, rest = left[0].volume_ml, []
        for unit in left[1:]:
            if open_box.takes(unit):
                inside += unit.volume_ml
            else:
                rest.append(unit)
        best = box, inside, rest
        if not rest:
            break
    return best


BOX_RULES: dict[str, type[BoxRule]] = {
    rule.name: rule for rule in (SmallestByVolume, SmallestBySides)
}


def box_rule_names() -> list[str]:
    """Return the names of all box rules that can be chosen."""
    return rule_names("boxes", BOX_RULES, PLANNER_RULES)


def resolve_box_rule(name: str) -> type[BoxRule]:
    """Return the box rule of this name; its entry point is ``boxes.<name>``.

    Raises
    ------
    ValueError
        If there is no such rule, or it cannot be loaded.
    """
    rule: type[BoxRule] = find_rule("boxes", name, BOX_RULES, PLANNER_RULES)
    return rule
