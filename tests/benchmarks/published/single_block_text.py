"""Reads the text format of the published pick routes and order batches on floors with aisles.

``KEY : value`` lines, then SKU_SECTION with one place a line and ORDER_SECTION with the articles of
each order. Cells count from the top; the files are in latin-1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.warehouse.layout import RectangularLayout


@dataclass
class PublishedFloor:
    """What a file says.

    Attributes
    ----------
    header
        Values by key.
    places
        (article, aisle, cell, units) of each place.
    orders
        (article, units) of each line of each order.
    weights
        Weight of each article.
    """

    header: dict[str, str] = field(default_factory=dict)
    places: list[tuple[int, int, int, int]] = field(default_factory=list)
    orders: list[list[tuple[int, int]]] = field(default_factory=list)
    weights: dict[int, float] = field(default_factory=dict)

    def layout(self, *, blocks: int = 1, end_to_cell: float | None = None) -> RectangularLayout:
        """Return the floor, the depot's cross-aisle in front.

        Parameters
        ----------
        blocks
            1, or 2 for a cross-aisle of width 1 in the middle.
        end_to_cell
            Distance from a cross-aisle to the first cell; None: as the file says.
        """
        header = self.header
        cell_m = float(header["DISTANCE_CELL_TO_CELL"])
        top = float(header["DISTANCE_TOP_TO_CELL"]) if end_to_cell is None else end_to_cell
        return RectangularLayout(
            int(header["NUM_AISLES"]),
            int(header["NUM_CELLS"]),
            cell_m,
            float(header["DISTANCE_AISLE_TO_AISLE"]),
            top - cell_m / 2.0,
            float(header["DEPOT_AISLE"]),
            blocks=blocks,
        )

    def location(self, layout: RectangularLayout, aisle: int, cell: int) -> int:
        """Return the location of a cell."""
        from_top = self.header["DEPOT_LOCATION"] == "top"
        return layout.location(aisle, 0, cell if from_top else layout.positions_per_side - 1 - cell)


def read_floor(text: str) -> PublishedFloor:
    """Return what a published file says."""
    found = PublishedFloor()
    section = ""
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0].endswith("_SECTION"):
            section = words[0]
        elif ":" in words:
            key, value = words[0], line.partition(":")[2].strip()
            if key == "NUM_ARTICLES_IN_ORDER":
                found.orders.append([])
            else:
                found.header.setdefault(key, value)
        elif words[0] == "ID":
            _read_row(found, section, words)
    return found


def _read_row(found: PublishedFloor, section: str, words: list[str]) -> None:
    row = {words[i]: words[i + 1] for i in range(2, len(words) - 1, 2)}
    number = int(words[1])
    if section == "ARTICLE_SECTION":
        found.weights[number] = float(row.get("WEIGHT", "1"))
    elif section == "SKU_SECTION":
        place = (number, int(row["AISLE"]), int(row["CELL"]), int(row.get("QUANTITY", "1")))
        found.places.append(place)
    elif section == "ORDER_SECTION":
        if not found.orders:
            found.orders.append([])
        found.orders[-1].append((number, int(row.get("QUANTITY", "1"))))
