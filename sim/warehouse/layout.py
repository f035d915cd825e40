"""The floor: where the locations are and how far it is to walk between them.

A rectangular floor is one block of parallel two-sided aisles between a front and a back
cross-aisle. A free-form floor is a list of points, with or without a list of walkways. Locations
are the numbers 0, 1, 2, …; the depot is -1. People walk on centre lines, at right angles.
"""

from __future__ import annotations

import csv
import io
import math
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from sim.errors import Problem, ScenarioError, shown_value

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array

DEPOT = -1
MAX_COORDINATE_M = 1_000_000.0
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_ID_CHARACTERS = 80
MAX_REMEMBERED_DISTANCES = 20_000_000

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@runtime_checkable
class Layout(Protocol):
    """What every floor can say."""

    @property
    def locations(self) -> int:
        """Number of locations; their ids are 0 … locations - 1."""
        ...

    @property
    def depot(self) -> int:
        """Id of the depot, always -1."""
        ...

    @property
    def has_aisles(self) -> bool:
        """Whether routing rules that think in aisles may be used."""
        ...

    @property
    def aisle_of(self) -> list[int]:
        """Aisle of each location, counted from the left."""
        ...

    @property
    def offset_m(self) -> list[float]:
        """Position of each location along its aisle, in metres."""
        ...

    def distance_m(self, start: int, end: int) -> float:
        """Return the shortest walk between two locations (or the depot) in metres."""
        ...

    def xy_m(self, location: int) -> tuple[float, float]:
        """Return where to draw a location (or the depot), in metres."""
        ...


@dataclass(frozen=True)
class RectangularLayout:
    """One block of parallel aisles with a walkway in front and one behind.

    Location ``(aisle * 2 + side) * positions_per_side + position``; position 0 is next to the
    front cross-aisle, side 0 is the left one. The picker reaches both sides from the centre line,
    so crossing an aisle costs nothing.

    Parameters
    ----------
    aisles
        Number of aisles, at least 1.
    positions_per_side
        Positions along each side of an aisle, at least 1.
    position_length_m
        Metres of aisle for each position, above 0.
    aisle_pitch_m
        Metres between the centre lines of neighbouring aisles, above 0.
    cross_aisle_m
        Metres from a cross-aisle's centre line to the edge of the first position, at least 0.
    depot_aisle
        Where the depot stands on the front cross-aisle's centre line, in aisle numbers: 0 is
        before the leftmost aisle, 1.5 is midway between the second and the third.

    Attributes
    ----------
    aisle_of
        Aisle of each location.
    offset_m
        Centre of each location along its aisle, measured from the front cross-aisle's centre
        line in metres.

    Raises
    ------
    ValueError
        If a value is outside its range.
    """

    aisles: int
    positions_per_side: int
    position_length_m: float = 1.0
    aisle_pitch_m: float = 5.0
    cross_aisle_m: float = 1.0
    depot_aisle: float = 0.0
    aisle_of: list[int] = field(init=False, repr=False, compare=False)
    offset_m: list[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, count in (
            ("aisles", self.aisles),
            ("positions_per_side", self.positions_per_side),
        ):
            if count < 1:
                raise ValueError(f"{name} is {count}; at least 1 is needed")
        for name, length, least in (
            ("position_length_m", self.position_length_m, "above 0"),
            ("aisle_pitch_m", self.aisle_pitch_m, "above 0"),
            ("cross_aisle_m", self.cross_aisle_m, "at least 0"),
        ):
            too_small = length <= 0.0 if least == "above 0" else length < 0.0
            if too_small or not math.isfinite(length):
                raise ValueError(f"{name} is {length}; a finite number {least} is needed")
        if not math.isfinite(self.depot_aisle):
            raise ValueError(f"depot_aisle is {self.depot_aisle}; a finite number is needed")
        offsets = [
            self.cross_aisle_m + (position + 0.5) * self.position_length_m
            for position in range(self.positions_per_side)
        ]
        aisle_of = [
            aisle for aisle in range(self.aisles) for _ in range(2 * self.positions_per_side)
        ]
        object.__setattr__(self, "aisle_of", aisle_of)
        object.__setattr__(self, "offset_m", offsets * (2 * self.aisles))

    @property
    def locations(self) -> int:
        """Number of locations."""
        return 2 * self.aisles * self.positions_per_side

    @property
    def depot(self) -> int:
        """Id of the depot, always -1."""
        return DEPOT

    @property
    def has_aisles(self) -> bool:
        """Return True: this floor is made of aisles."""
        return True

    @property
    def aisle_length_m(self) -> float:
        """Metres between the centre lines of the front and the back cross-aisle."""
        return 2.0 * self.cross_aisle_m + self.positions_per_side * self.position_length_m

    def location(self, aisle: int, side: int, position: int) -> int:
        """Return the id of a location.

        Parameters
        ----------
        aisle, side, position
            Counted from 0: from the left, left before right, from the front.

        Raises
        ------
        ValueError
            If there is no such location.
        """
        known = (
            0 <= aisle < self.aisles and 0 <= side <= 1 and 0 <= position < self.positions_per_side
        )
        if not known:
            raise ValueError(f"no location at aisle {aisle}, side {side}, position {position}")
        return (aisle * 2 + side) * self.positions_per_side + position

    def distance_m(self, start: int, end: int) -> float:
        """Return the shortest walk between two locations (or the depot) in metres.

        Inside an aisle straight on; to another aisle through the better of its two ends.
        """
        if start < 0 or end < 0:
            location = max(start, end)
            if location == DEPOT:
                return 0.0
            across_m = abs(self.aisle_of[location] - self.depot_aisle) * self.aisle_pitch_m
            return across_m + self.offset_m[location]
        aisles_apart = abs(self.aisle_of[start] - self.aisle_of[end])
        if aisles_apart == 0:
            return abs(self.offset_m[start] - self.offset_m[end])
        front_m = self.offset_m[start] + self.offset_m[end]
        back_m = 2.0 * self.aisle_length_m - front_m
        return aisles_apart * self.aisle_pitch_m + min(front_m, back_m)

    def xy_m(self, location: int) -> tuple[float, float]:
        """Return where to draw a location (or the depot): x to the right, y to the back.

        The goods lie a quarter of the aisle pitch beside the centre line that people walk on.
        """
        if location == DEPOT:
            return (self.depot_aisle * self.aisle_pitch_m, 0.0)
        side = location // self.positions_per_side % 2
        beside = 0.25 if side else -0.25
        return (
            (self.aisle_of[location] + beside) * self.aisle_pitch_m,
            self.offset_m[location],
        )


@dataclass(frozen=True)
class FreeFormLayout:
    """Points on a floor, joined by walkways or simply walked at right angles.

    ``aisle_of`` puts locations with the same x into one aisle and ``offset_m`` is their y. That
    is good enough for counting people in an aisle; routing rules for aisles are not for this floor.

    Parameters
    ----------
    names
        Name of each location, all different.
    xy
        Place of each location in metres.
    depot_xy
        Place of the depot in metres.
    paths
        Walkways as pairs of locations (-1 for the depot), walked both ways, each as long as the
        way at right angles between its ends. None: everything is reachable at right angles.

    Raises
    ------
    ValueError
        If names and places do not match, a walkway names an unknown place, or a location
        cannot be reached from the depot.
    """

    names: tuple[str, ...]
    xy: tuple[tuple[float, float], ...]
    depot_xy: tuple[float, float]
    paths: tuple[tuple[int, int], ...] | None = None
    aisle_of: list[int] = field(init=False, repr=False, compare=False)
    offset_m: list[float] = field(init=False, repr=False, compare=False)
    _rows: dict[int, array[float]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if len(self.names) != len(self.xy):
            raise ValueError(f"{len(self.names)} names for {len(self.xy)} places")
        if not self.names:
            raise ValueError("a floor needs at least one location beside the depot")
        if len(dict.fromkeys(self.names)) != len(self.names):
            raise ValueError("a location name is used twice")
        if not all(math.isfinite(value) for place in (*self.xy, self.depot_xy) for value in place):
            raise ValueError("a coordinate is not a finite number")
        for path in self.paths or ():
            if not all(DEPOT <= end < len(self.names) for end in path):
                raise ValueError(f"walkway {path} names a place that does not exist")
        columns = {x: aisle for aisle, x in enumerate(sorted(dict.fromkeys(x for x, _ in self.xy)))}
        object.__setattr__(self, "aisle_of", [columns[x] for x, _ in self.xy])
        object.__setattr__(self, "offset_m", [y for _, y in self.xy])
        cut_off = self.unreachable()
        if cut_off:
            names = ", ".join(self.names[location] for location in cut_off[:5])
            raise ValueError(f"no walkway leads from the depot to {names}")

    @property
    def locations(self) -> int:
        """Number of locations."""
        return len(self.names)

    @property
    def depot(self) -> int:
        """Id of the depot, always -1."""
        return DEPOT

    @property
    def has_aisles(self) -> bool:
        """Return False: rules that think in aisles do not fit."""
        return False

    def unreachable(self) -> list[int]:
        """Return the locations to which no walkway leads from the depot."""
        return _unreachable(len(self.names), self.paths)

    def distance_m(self, start: int, end: int) -> float:
        """Return the shortest walk between two locations (or the depot) in metres."""
        if start == end:
            return 0.0
        if self.paths is None:
            (x1, y1), (x2, y2) = self.xy_m(start), self.xy_m(end)
            return abs(x1 - x2) + abs(y1 - y2)
        # Always searched from the same end: the last digit of a sum depends on its order, and
        # must not depend on what was asked before. The depot is the favourite end.
        if start == DEPOT or (end != DEPOT and start > end):
            source, target = start, end
        else:
            source, target = end, start
        row = self._rows.get(source)
        if row is None:
            row = self._remembered_row(source)
        return row[target]

    def xy_m(self, location: int) -> tuple[float, float]:
        """Return where a location (or the depot) is, in metres."""
        return self.depot_xy if location == DEPOT else self.xy[location]

    def _remembered_row(self, source: int) -> array[float]:
        most_rows = max(1, MAX_REMEMBERED_DISTANCES // (len(self.names) + 1))
        if len(self._rows) >= most_rows:
            del self._rows[next(iter(self._rows))]
        from scipy.sparse.csgraph import dijkstra

        node = source % (len(self.names) + 1)
        found = dijkstra(self._graph, directed=False, indices=[node])
        row = array("d", found[0].tolist())
        self._rows[source] = row
        return row

    @cached_property
    def _graph(self) -> csr_array[np.float64, tuple[int, int]]:
        """Walkways as a sparse matrix; the depot is the last node, so that [-1] finds it."""
        import numpy as np
        from scipy.sparse import coo_array

        nodes = len(self.names) + 1
        pairs = list(dict.fromkeys(self.paths or ()))
        tails = np.array([start % nodes for start, _ in pairs])
        heads = np.array([end % nodes for _, end in pairs])
        lengths_m = []
        for start, end in pairs:
            (x1, y1), (x2, y2) = self.xy_m(start), self.xy_m(end)
            lengths_m.append(abs(x1 - x2) + abs(y1 - y2))
        return coo_array((np.array(lengths_m), (tails, heads)), shape=(nodes, nodes)).tocsr()


def _unreachable(locations: int, paths: tuple[tuple[int, int], ...] | None) -> list[int]:
    if paths is None:
        return []
    neighbours: dict[int, list[int]] = {}
    for start, end in paths:
        neighbours.setdefault(start, []).append(end)
        neighbours.setdefault(end, []).append(start)
    reached = {DEPOT}
    waiting = [DEPOT]
    while waiting:
        for place in neighbours.get(waiting.pop(), ()):
            if place not in reached:
                reached.add(place)
                waiting.append(place)
    return [location for location in range(locations) if location not in reached]


# --- reading a free-form floor from CSV -----------------------------------------------------------


def read_free_form(
    locations_file: Path, paths_file: Path | None = None, *, depot_id: str = "depot"
) -> FreeFormLayout:
    """Read a free-form floor.

    Parameters
    ----------
    locations_file
        CSV ``location_id,x_m,y_m``, UTF-8. The depot is one of its rows; a junction is a row
        like any other, which simply stores nothing. Locations are numbered in file order, the
        depot left out.
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
    places = _read_places(locations_file, problems)
    if not problems and depot_id not in places:
        problems.append(
            Problem(
                str(locations_file), 1, 1, "location_id",
                f"no row for the depot {shown_value(depot_id)}",
                "one row whose location_id is that of the depot",
                _did_you_mean(depot_id, places),
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
    return FreeFormLayout(
        names=tuple(names),
        xy=tuple((places[name].x_m, places[name].y_m) for name in names),
        depot_xy=(places[depot_id].x_m, places[depot_id].y_m),
        paths=paths,
    )


@dataclass(frozen=True)
class _Place:
    x_m: float
    y_m: float
    line: int


@dataclass(frozen=True)
class _Row:
    """One record of a CSV file with the position of each of its fields."""

    line: int
    fields: tuple[str, ...]

    def column(self, index: int) -> int:
        return 1 + sum(len(text) + 1 for text in self.fields[:index])


def _read_places(file: Path, problems: list[Problem]) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    first = len(problems)
    rows = 0
    for row, (name, x_text, y_text) in _rows_of(file, ("location_id", "x_m", "y_m"), problems):
        rows += 1
        fields = dict(zip(("location_id", "x_m", "y_m"), (name, x_text, y_text), strict=True))
        bad_name = _name_fault(name)
        if bad_name:
            problems.append(_at(file, row, "location_id", name, *bad_name))
        elif name in places:
            problems.append(
                _at(
                    file, row, "location_id", name, "is already used",
                    "each location_id once", f"first in line {places[name].line}",
                )
            )  # fmt: skip
        numbers = []
        for key in ("x_m", "y_m"):
            value = _metres(fields[key])
            if value is None:
                problems.append(
                    _at(
                        file, row, key, fields[key], "is not a length",
                        f"metres from {-MAX_COORDINATE_M:.0f} to {MAX_COORDINATE_M:.0f}",
                    )
                )  # fmt: skip
            else:
                numbers.append(value)
        if len(numbers) == 2 and not bad_name and name not in places:
            places[name] = _Place(numbers[0], numbers[1], row.line)
    if not rows and len(problems) == first:
        problems.append(Problem(str(file), 1, 1, "", "no locations", "at least one row", ""))
    return places


def _read_paths(
    file: Path, number: Mapping[str, int], problems: list[Problem], *, check_ends: bool
) -> Iterator[tuple[int, int]]:
    seen: dict[tuple[str, str], int] = {}
    first = len(problems)
    for row, ends in _rows_of(file, ("from", "to"), problems):
        start, end = ends
        for key, name in (("from", start), ("to", end)):
            if check_ends and name not in number:
                problems.append(
                    _at(
                        file, row, key, name, "is not in the location file",
                        "a location_id of the location file", _did_you_mean(name, number),
                    )
                )  # fmt: skip
        if start == end:
            problems.append(
                _at(file, row, "to", end, "is where the walkway starts", "another location_id")
            )
        elif (start, end) in seen:
            problems.append(
                _at(
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
    for location in _unreachable(len(names), paths):
        name = names[location]
        yield Problem(
            str(file), places[name].line, 1, "location_id",
            f"no walkway leads from the depot to {shown_value(name)}",
            "every location reachable", "add a row to the path file",
        )  # fmt: skip


def _rows_of(
    file: Path, columns: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[_Row, tuple[str, ...]]]:
    """Yield each record with the texts of the wanted columns, in the wanted order."""
    text = _text_of(file, problems)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    order: list[int] | None = None
    line = 1
    try:
        for fields in reader:
            row = _Row(line, tuple(fields))
            line = reader.line_num + 1
            if not any(text.strip() for text in fields):
                continue
            if order is None:
                order = _column_order(file, row, columns, problems)
                if order is None:
                    return
            elif len(fields) != len(columns):
                problems.append(
                    Problem(
                        str(file), row.line, 1, "", f"{len(fields)} fields",
                        f"{len(columns)} fields: {', '.join(columns)}",
                    )
                )  # fmt: skip
            else:
                yield row, tuple(fields[index].strip() for index in order)
    except csv.Error as error:
        problems.append(
            Problem(str(file), line, 1, "", f"not a CSV record ({error})", "comma-separated fields")
        )
        return
    if order is None:
        problems.append(
            Problem(str(file), 1, 1, "", "an empty file", f"a header row: {','.join(columns)}")
        )


def _column_order(
    file: Path, header: _Row, columns: tuple[str, ...], problems: list[Problem]
) -> list[int] | None:
    found = [text.strip() for text in header.fields]
    expected = f"the columns {', '.join(columns)}"
    missing = [name for name in columns if name not in found]
    faults = []
    for index, name in enumerate(found):
        place = (header.line, header.column(index))
        if name not in columns:
            hint = _did_you_mean(name, missing)
            faults.append(
                Problem(str(file), *place, "", f"column {shown_value(name)}", expected, hint)
            )
        elif name in found[:index]:
            faults.append(Problem(str(file), *place, "", f"column {name} twice", expected))
    faults.extend(
        Problem(str(file), header.line, 1, "", f"no column {name}", expected) for name in missing
    )
    problems.extend(faults)
    return None if faults else [found.index(name) for name in columns]


def _text_of(file: Path, problems: list[Problem]) -> str | None:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problems.append(
            Problem(str(file), 0, 0, "", f"cannot be read ({reason})", "a readable CSV file")
        )
        return None
    if len(data) > MAX_FILE_BYTES:
        limit = f"at most {MAX_FILE_BYTES // 1024 // 1024} MiB"
        problems.append(Problem(str(file), 0, 0, "", "the file is too big", limit))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} is not UTF-8"
        problems.append(Problem(str(file), line, 1, "", found, "a UTF-8 text file"))
        return None


def _at(
    file: Path, row: _Row, key: str, value: str, found: str, expected: str, hint: str = ""
) -> Problem:
    stripped = [text.strip() for text in row.fields]
    index = stripped.index(value) if value in stripped else 0
    said = f"{shown_value(value)} {found}"
    return Problem(str(file), row.line, row.column(index), key, said, expected, hint)


def _name_fault(name: str) -> tuple[str, str] | None:
    if not name:
        return ("is empty", "a location_id")
    if len(name) > MAX_ID_CHARACTERS:
        return ("is too long", f"at most {MAX_ID_CHARACTERS} characters")
    if not name.isprintable():
        return ("holds a control character", "printable characters")
    return None


def _metres(text: str) -> float | None:
    if len(text) > MAX_ID_CHARACTERS or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) <= MAX_COORDINATE_M else None


def _did_you_mean(name: str, known: Mapping[str, object] | list[str]) -> str:
    # A similarity search over a big location file for each of many bad lines would take minutes.
    choices = list(known)[:2000]
    close = get_close_matches(name[:MAX_ID_CHARACTERS], choices, n=1)
    return f"did you mean {shown_value(close[0])}?" if close else ""
