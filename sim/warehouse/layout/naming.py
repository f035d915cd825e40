"""What people call the locations of a floor."""

from __future__ import annotations

from sim.warehouse.layout.protocol import Layout
from sim.warehouse.layout.rectangular import RectangularLayout


def location_names(layout: Layout) -> tuple[str, ...]:
    """Return the names of a location file; else aisle, side, position and level, from 1."""
    names: tuple[str, ...] | None = getattr(layout, "names", None)
    if names is not None:
        return names
    if not isinstance(layout, RectangularLayout):
        return tuple(str(place) for place in range(layout.locations))
    levels = [""] * layout.locations
    if any(layout.level_of):
        levels = [f" level {level + 1}" for level in layout.level_of]
    return tuple(
        _name(*divmod(place // layout.levels, layout.positions_per_side)) + levels[place]
        for place in range(layout.locations)
    )


def _name(column: int, position: int) -> str:
    return f"aisle {column // 2 + 1} {'right' if column % 2 else 'left'} {position + 1}"
