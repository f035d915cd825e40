"""Reading a free-form floor from CSV: a file of locations and, if there is one, of walkways."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Problem, ScenarioError, shown_value
from sim.warehouse.layout.csv_rows import MAX_ID_CHARACTERS, did_you_mean, problem_at, rows_of
from sim.warehouse.layout.free_form import FreeFormLayout, unreachable
from sim.warehouse.layout.protocol import DEPOT

COLUMNS = ("location_id", "x_m", "y_m")
FURTHER_COLUMNS = ("zone", "aisle", "level", "access_s")
MAX_COORDINATE_M = 1_000_000.0
MAX_ACCESS_S = 3600.0
MAX_LEVEL = 99

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"\d{1,4}", re.ASCII)


def read_free_form(
    locations_file: Path, paths_file: Path | None = None, *, depot_id: str = "depot"
) -> FreeFormLayout:
    """Read a free-form floor.

    Parameters
    ----------
    locations_file
        CSV ``location_id,x_m,y_m``, UTF-8, and if wanted ``zone,aisle,level,access_s``: names
        of zone and aisle, level from 0 (within reach), seconds that reaching up adds to a search.
        The depot is one of its rows, whose further cells may be empty; a junction is a row like
        any other, which simply stores nothing. Locations are numbered in file order, the depot
        left out.
    paths_file
        CSV ``from,to`` with the ends of each walkway, walked both ways. None: everything is
        reachable at right angles.
    depot_id
        The ``location_id`` of the depot.

    Raises
    ------
    ScenarioError
        With every problem of both files, each with its line.
    """
    problems: list[Problem] = []
    places = _read_places(locations_file, depot_id, problems)
    if not problems and depot_id not in places:
        problems.append(
            Problem(
                str(locations_file), 1, 1, "location_id",
                f"no row for the depot {shown_value(depot_id)}",
                "one row whose location_id is that of the depot",
                did_you_mean(depot_id, places),
            )
        )  # fmt: skip
    names = [name for name in places if name != depot_id]
    if not problems and not names:
        problems.append(
            Problem(
                str(locations_file), 1, 1, "location_id",
                "only the depot", "at least one location beside the depot",
            )
        )  # fmt: skip
    number = {name: location for location, name in enumerate(names)}
    number[depot_id] = DEPOT
    paths: tuple[tuple[int, int], ...] | None = None
    if paths_file is not None:
        paths = tuple(_read_paths(paths_file, number, problems, check_ends=not problems))
        if not problems:
            problems.extend(_cut_off(locations_file, names, places, paths))
    if problems:
        raise ScenarioError(problems)
    here = [places[name] for name in names]
    given = {key for place in here for key in place.also}
    return FreeFormLayout(
        names=tuple(names),
        xy=tuple((place.x_m, place.y_m) for place in here),
        depot_xy=(places[depot_id].x_m, places[depot_id].y_m),
        paths=paths,
        aisles=tuple(place.also["aisle"] for place in here) if "aisle" in given else None,
        zones=tuple(place.also["zone"] for place in here) if "zone" in given else None,
        levels=tuple(int(place.also["level"]) for place in here) if "level" in given else None,
        access_times_s=(
            tuple(float(place.also["access_s"]) for place in here) if "access_s" in given else None
        ),
    )


@dataclass(frozen=True)
class _Place:
    """A row of the location file; `also` holds the texts of its further columns."""

    x_m: float
    y_m: float
    line: int
    also: dict[str, str]


def _read_places(file: Path, depot_id: str, problems: list[Problem]) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    first = len(problems)
    rows = 0
    for row, texts in rows_of(file, COLUMNS, problems, FURTHER_COLUMNS):
        rows += 1
        name = texts["location_id"]
        faults = len(problems)
        bad_name = _name_fault(name, "location_id")
        if bad_name:
            problems.append(problem_at(file, row, "location_id", name, *bad_name))
        elif name in places:
            problems.append(
                problem_at(
                    file, row, "location_id", name, "is already used",
                    "each location_id once", f"first in line {places[name].line}",
                )
            )  # fmt: skip
        # Nothing is stored at the depot: its further cells say nothing.
        also = {key: texts[key] for key in FURTHER_COLUMNS if key in texts and name != depot_id}
        problems.extend(
            problem_at(file, row, key, text, *fault)
            for key, text in {"x_m": texts["x_m"], "y_m": texts["y_m"], **also}.items()
            if (fault := _fault(key, text))
        )
        if len(problems) == faults:
            places[name] = _Place(float(texts["x_m"]), float(texts["y_m"]), row.line, also)
    if not rows and len(problems) == first:
        problems.append(Problem(str(file), 1, 1, "", "no locations", "at least one row", ""))
    return places


def _read_paths(
    file: Path, number: Mapping[str, int], problems: list[Problem], *, check_ends: bool
) -> Iterator[tuple[int, int]]:
    seen: dict[tuple[str, str], int] = {}
    first = len(problems)
    for row, texts in rows_of(file, ("from", "to"), problems):
        start, end = texts["from"], texts["to"]
        for key, name in (("from", start), ("to", end)):
            if check_ends and name not in number:
                problems.append(
                    problem_at(
                        file, row, key, name, "is not in the location file",
                        "a location_id of the location file", did_you_mean(name, number),
                    )
                )  # fmt: skip
        if start == end:
            problems.append(
                problem_at(
                    file, row, "to", end, "is where the walkway starts", "another location_id"
                )
            )
        elif (start, end) in seen:
            problems.append(
                problem_at(
                    file, row, "from", start, f"to {shown_value(end)} is already listed",
                    "each walkway once", f"first in line {seen[start, end]}",
                )
            )  # fmt: skip
        elif start in number and end in number:
            seen[start, end] = row.line
            yield (number[start], number[end])
    if not seen and len(problems) == first:
        problems.append(Problem(str(file), 1, 1, "", "no walkways", "at least one row", ""))


def _cut_off(
    file: Path,
    names: list[str],
    places: Mapping[str, _Place],
    paths: tuple[tuple[int, int], ...],
) -> Iterator[Problem]:
    for location in unreachable(len(names), paths):
        name = names[location]
        yield Problem(
            str(file), places[name].line, 1, "location_id",
            f"no walkway leads from the depot to {shown_value(name)}",
            "every location reachable", "add a row to the path file",
        )  # fmt: skip


def _fault(key: str, text: str) -> tuple[str, str] | None:
    """Return what is wrong with a cell and what it should be, if anything."""
    if key in ("x_m", "y_m"):
        if _is_number(text, -MAX_COORDINATE_M, MAX_COORDINATE_M):
            return None
        metres = f"metres from {-MAX_COORDINATE_M:.0f} to {MAX_COORDINATE_M:.0f}"
        return ("is not a length", metres)
    if key == "level":
        if _WHOLE.fullmatch(text) and int(text) <= MAX_LEVEL:
            return None
        return ("is not a level", f"a whole number from 0 (within reach) to {MAX_LEVEL}")
    if key == "access_s":
        if _is_number(text, 0.0, MAX_ACCESS_S):
            return None
        return ("is not an access time", f"seconds from 0 to {MAX_ACCESS_S:.0f}")
    return _name_fault(text, f"the name of the {key}")


def _name_fault(name: str, expected: str) -> tuple[str, str] | None:
    if not name:
        return ("is empty", expected)
    if len(name) > MAX_ID_CHARACTERS:
        return ("is too long", f"at most {MAX_ID_CHARACTERS} characters")
    if not name.isprintable():
        return ("holds a control character", "printable characters")
    return None


def _is_number(text: str, least: float, most: float) -> bool:
    if len(text) > MAX_ID_CHARACTERS or not _NUMBER.fullmatch(text):
        return False
    return least <= float(text) <= most
