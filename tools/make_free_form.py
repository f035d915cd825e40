"""Write the example of a floor that is no rectangle: two halls at an angle, joined by a door.

Hall A has six aisles of fifteen positions that run north, hall B five aisles of twelve that run
east; each hall is a zone. Walkways lead along every aisle and along both ends of the aisles; the
halls meet at one door.

    python3 -m tools.make_free_form
"""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "scenarios" / "examples" / "free-form"
STEP_M, PITCH_M = 1.5, 4.0


def name(hall: str, aisle: int, position: int) -> str:
    """Return the name of a position."""
    return f"{hall}{aisle}-{position:02d}"


def halls() -> tuple[dict[str, tuple[float, float]], list[tuple[str, str]]]:
    """Return locations by name and walkways between them."""
    places: dict[str, tuple[float, float]] = {"depot": (0.0, -3.0)}
    paths: list[tuple[str, str]] = [("depot", "A1-01")]

    def rack(hall: str, aisles: int, positions: int, north: bool, x0: float, y0: float) -> None:
        for aisle in range(1, aisles + 1):
            for position in range(1, positions + 1):
                along, across = STEP_M * (position - 1), PITCH_M * (aisle - 1)
                x, y = (across, along) if north else (along, across)
                places[name(hall, aisle, position)] = (x0 + x, y0 + y)
                if position > 1:
                    paths.append((name(hall, aisle, position - 1), name(hall, aisle, position)))
            if aisle > 1:
                paths.extend(
                    (name(hall, aisle - 1, end), name(hall, aisle, end)) for end in (1, positions)
                )

    rack("A", 6, 15, True, 0.0, 0.0)
    rack("B", 5, 12, False, 26.0, 3.0)
    paths.append(("A6-08", "B3-01"))
    return places, paths


def main() -> None:
    """Write both files."""
    places, paths = halls()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "locations.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["location_id", "x_m", "y_m", "zone", "aisle"])
        for location, (x, y) in places.items():
            aisle = location.partition("-")[0] if "-" in location else ""
            writer.writerow(
                [location, f"{x:g}", f"{y:g}", f"hall {aisle[0]}" if aisle else "", aisle]
            )
    with (FOLDER / "paths.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["from", "to"])
        writer.writerows(paths)


if __name__ == "__main__":
    main()
