from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra, floyd_warshall

from sim.errors import ScenarioError
from sim.warehouse.layout import (
    DEPOT,
    FreeFormLayout,
    Layout,
    RectangularLayout,
    csv_rows,
    free_form,
    read_free_form,
)


def walkways_of(floor: RectangularLayout) -> tuple[np.ndarray, dict[int, int]]:
    """Return all shortest walks on the explicit graph of a floor, and the node of each place."""
    nodes: dict[tuple[str, int, int], int] = {}
    edges: list[tuple[int, int, float]] = []

    def node(kind: str, aisle: int, number: int = 0) -> int:
        return nodes.setdefault((kind, aisle, number), len(nodes))

    half_m = floor.cross_aisle_m + floor.position_length_m / 2
    blocks = np.array_split(np.arange(floor.positions_per_side), floor.blocks)
    for aisle, (number, positions) in product(range(floor.aisles), enumerate(blocks)):
        shelves = [node("at", aisle, position) for position in positions.tolist()]
        ways = [(a, b, floor.position_length_m) for a, b in pairwise(shelves)]
        ways += [(node("cross", aisle, number), shelves[0], half_m)]
        ways += [(shelves[-1], node("cross", aisle, number + 1), half_m)]
        if not floor.one_way or aisle % 2 == 0:
            edges += ways
        if not floor.one_way or aisle % 2 == 1:
            edges += [(b, a, length) for a, b, length in ways]
    for aisle, number in product(range(floor.aisles - 1), range(floor.blocks + 1)):
        ends = (node("cross", aisle, number), node("cross", aisle + 1, number))
        edges += [(*ends, floor.aisle_pitch_m), (*ends[::-1], floor.aisle_pitch_m)]
    # The depot is joined to every front corner: walking on along the cross-aisle passes them.
    for aisle in range(floor.aisles):
        apart = abs(aisle - floor.depot_aisle) * floor.aisle_pitch_m
        ends = (node("depot", 0), node("cross", aisle))
        edges += [(*ends, apart), (*ends[::-1], apart)]
    tails, heads, lengths = zip(*edges, strict=True)
    # A length of 0 is no entry of a sparse matrix: one too short to be seen stands for it.
    size, lengths_m = len(nodes), np.maximum(lengths, 1e-12)
    graph = coo_array((lengths_m, (tails, heads)), shape=(size, size)).tocsr()
    place = {DEPOT: nodes["depot", 0, 0]}
    at = product(range(floor.aisles), (0, 1), range(floor.positions_per_side))
    for aisle, side, position in at:
        place[floor.location(aisle, side, position)] = nodes["at", aisle, position]
    return dijkstra(graph, directed=True), place


def test_a_small_floor_measured_by_hand() -> None:
    """Two aisles of three 2 m positions, 6 m apart, 1.5 m cross-aisles, depot between them."""
    floor = RectangularLayout(2, 3, 2.0, 6.0, 1.5, 0.5)
    assert floor.locations == 12
    assert floor.aisle_length_m == 9.0
    assert floor.offset_m[:3] == [2.5, 4.5, 6.5]
    assert floor.aisle_of == [0] * 6 + [1] * 6
    assert floor.location(1, 1, 2) == 11
    assert floor.distance_m(DEPOT, 0) == 3.0 + 2.5
    assert floor.distance_m(11, DEPOT) == 3.0 + 6.5
    assert floor.distance_m(0, 5) == 4.0
    assert floor.distance_m(0, 3) == 0.0  # the other side of the same place
    assert floor.distance_m(0, 6) == 6.0 + 5.0  # through the front
    assert floor.distance_m(2, 8) == 6.0 + 2.5 + 2.5  # through the back
    assert floor.distance_m(DEPOT, DEPOT) == 0.0


@pytest.mark.parametrize("one_way", [False, True], ids=["both ways", "one way"])
@pytest.mark.parametrize("blocks", [1, 2, 3, 4])
@pytest.mark.parametrize("depot_aisle", [0.0, 3.0, 6.0, 2.5, 4.25, 8.0])
def test_walking_distance_is_the_shortest_path(
    depot_aisle: float, blocks: int, one_way: bool
) -> None:
    """The closed form equals the shortest path on the explicit graph for 2,000 random pairs."""
    floor = RectangularLayout(7, 9, 1.3, 4.1, 0.7, depot_aisle, blocks=blocks, one_way=one_way)
    walks, place = walkways_of(floor)
    rng = np.random.default_rng(20)
    for start, end in rng.integers(DEPOT, floor.locations, (2000, 2)).tolist():
        expected = float(walks[place[start], place[end]])
        assert floor.distance_m(start, end) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("aisles", [2, 3])
def test_the_smallest_one_way_floors(aisles: int) -> None:
    """Between all places of two or three one-way aisles the way is the shortest path."""
    for depot_aisle in (0.0, 0.5, 1.0, 2.5):
        floor = RectangularLayout(aisles, 2, 1.0, 3.0, 0.5, depot_aisle, blocks=2, one_way=True)
        walks, place = walkways_of(floor)
        for start in range(DEPOT, floor.locations):
            for end in range(DEPOT, floor.locations):
                expected = float(walks[place[start], place[end]])
                assert floor.distance_m(start, end) == pytest.approx(expected, abs=1e-9)


def test_one_way_aisles_by_hand() -> None:
    """Three aisles, 10 m long and 5 m apart, depot left: up the first and third, down the second.

    To 4 m in aisle 1: up aisle 0 (10 m), across (5 m), down 6 m. Home from there: on to the front
    (4 m) and across (5 m). From 4 m back to 6 m in aisle 1: to the front, up an aisle next door.
    """
    floor = RectangularLayout(3, 9, 1.0, 5.0, 0.5, one_way=True)
    near, far = floor.location(1, 0, 3), floor.location(1, 1, 5)
    assert floor.distance_m(DEPOT, near) == 10 + 5 + 6
    assert floor.distance_m(near, DEPOT) == 4 + 5
    assert floor.distance_m(far, near) == 2
    assert floor.distance_m(near, far) == 4 + 5 + 10 + 5 + 4


def test_blocks_share_out_the_positions() -> None:
    """Seven positions in three blocks are 3 + 2 + 2; each middle cross-aisle is 2 * 1.5 m wide."""
    floor = RectangularLayout(1, 7, 2.0, 5.0, 1.5, blocks=3)
    assert floor.block_of == [0, 0, 0, 1, 1, 2, 2] * 2
    assert floor.cross_aisles_m == (0.0, 9.0, 16.0, 23.0)
    assert floor.offset_m[:7] == [2.5, 4.5, 6.5, 11.5, 13.5, 18.5, 20.5]
    assert floor.aisle_length_m == 23.0


def test_levels_lie_one_above_the_other() -> None:
    """The levels of a place have consecutive numbers, one offset, and each its access time."""
    floor = RectangularLayout(2, 3, access_s_per_level=(0.0, 8.0, 20.0))
    assert floor.locations == 36
    assert floor.location(1, 0, 2, 1) == ((2 * 3) + 2) * 3 + 1
    assert floor.level_of[:4] == [0, 1, 2, 0]
    assert floor.offset_m[:4] == [1.5, 1.5, 1.5, 2.5]
    assert floor.access_s is not None
    assert floor.access_s[:4] == [0.0, 8.0, 20.0, 0.0]
    assert floor.distance_m(0, 2) == 0.0
    assert floor.xy_m(floor.location(0, 1, 1, 2)) == (1.25, 2.5)
    assert RectangularLayout(2, 3, access_s_per_level=(0.0, 0.0)).access_s is None


def test_zones_are_neighbouring_aisles() -> None:
    """Five aisles in two zones: three on the left, two on the right."""
    floor = RectangularLayout(5, 1, zones=2)
    assert floor.zone_of == [0] * 6 + [1] * 4
    assert floor.zone_names == ("zone 1", "zone 2")


def test_every_location_has_its_own_place_in_the_drawing() -> None:
    """No two locations are drawn on top of each other, and none on a centre line."""
    floor = RectangularLayout(4, 5)
    places = [floor.xy_m(location) for location in range(floor.locations)]
    assert len(set(places)) == floor.locations
    assert all(x % floor.aisle_pitch_m for x, _ in places)
    assert floor.xy_m(DEPOT) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aisles", 0),
        ("positions_per_side", 0),
        ("position_length_m", 0.0),
        ("position_length_m", float("nan")),
        ("aisle_pitch_m", -1.0),
        ("cross_aisle_m", -0.1),
        ("cross_aisle_m", float("inf")),
        ("depot_aisle", float("nan")),
        ("blocks", 0),
        ("blocks", 3),
        ("zones", 3),
    ],
)
def test_impossible_floors_are_refused_by_name(key: str, value: float) -> None:
    """A value out of range is named in the message."""
    settings: dict[str, float] = {"aisles": 2, "positions_per_side": 2} | {key: value}
    with pytest.raises(ValueError, match=key):
        RectangularLayout(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [(), (0.0, -1.0), (float("nan"),)])
def test_impossible_access_times_are_refused(seconds: tuple[float, ...]) -> None:
    """There is at least one level, and nobody reaches up in less than no time."""
    with pytest.raises(ValueError, match="access_s_per_level"):
        RectangularLayout(2, 3, access_s_per_level=seconds)


def test_a_single_aisle_cannot_be_one_way() -> None:
    """There would be no way back."""
    with pytest.raises(ValueError, match="one_way needs at least 2 aisles"):
        RectangularLayout(1, 3, one_way=True)


@pytest.mark.parametrize("place", [(2, 0, 0), (0, 2, 0), (0, 0, 3), (-1, 0, 0), (0, 0, 0, 1)])
def test_locations_that_do_not_exist_are_refused(place: tuple[int, ...]) -> None:
    """Counting starts at 0 and ends before the number of aisles, sides and positions."""
    with pytest.raises(ValueError, match="no location"):
        RectangularLayout(2, 3).location(*place)


def test_without_walkways_people_walk_at_right_angles() -> None:
    """The distance is that along x plus that along y."""
    floor = FreeFormLayout(("a", "b"), ((3.0, 4.0), (-1.0, 6.0)), (0.0, 0.0))
    assert floor.distance_m(DEPOT, 0) == 7.0
    assert floor.distance_m(0, 1) == 6.0
    assert floor.distance_m(1, 1) == 0.0
    assert floor.aisle_of == [1, 0]
    assert floor.offset_m == [4.0, 6.0]


def test_walkways_force_detours() -> None:
    """Two places side by side whose only connection leads past the depot, 1 m of no way."""
    floor = FreeFormLayout(
        ("left", "right", "twin"),
        ((-1.0, 5.0), (1.0, 5.0), (1.0, 5.0)),
        (0.0, 0.0),
        ((DEPOT, 0), (1, DEPOT), (1, 2)),
    )
    assert floor.distance_m(0, 1) == 12.0
    assert floor.distance_m(0, 2) == 12.0
    assert floor.distance_m(1, 2) == 0.0
    assert floor.distance_m(2, DEPOT) == 6.0


def free_form_of(floor: RectangularLayout) -> FreeFormLayout:
    """Return the same floor as points and walkways; corners are junctions that store nothing."""
    places = [(floor.aisle_of[n] * floor.aisle_pitch_m, floor.offset_m[n]) for n in
              range(floor.locations)]  # fmt: skip
    corners = [
        (aisle * floor.aisle_pitch_m, y)
        for aisle in range(floor.aisles)
        for y in (0.0, floor.aisle_length_m)
    ]
    first = floor.locations
    paths = [(DEPOT, first)]
    for aisle in range(floor.aisles):
        front, back = first + 2 * aisle, first + 2 * aisle + 1
        for side in (0, 1):
            row = [floor.location(aisle, side, p) for p in range(floor.positions_per_side)]
            chain = [front, *row, back]
            paths += list(pairwise(chain))
        if aisle:
            paths += [(front - 2, front), (back, back - 2)]
    return FreeFormLayout(
        tuple(f"p{n}" for n in range(len(places) + len(corners))),
        (*places, *corners),
        (0.0, 0.0),
        tuple(paths),
    )


def test_a_rectangular_floor_written_as_a_location_file_is_the_same_floor() -> None:
    """All distances agree, apart from opposite shelves, between which the file has no walkway."""
    floor = RectangularLayout(3, 4)
    same = free_form_of(floor)
    rows = {DEPOT: (DEPOT, 0)} | {
        floor.location(aisle, side, position): (aisle, side)
        for aisle in range(3) for side in (0, 1) for position in range(4)
    }  # fmt: skip
    for start, (aisle, side) in rows.items():
        for end, (other_aisle, other_side) in rows.items():
            if aisle != other_aisle or side == other_side:
                apart = floor.distance_m(start, end)
                assert same.distance_m(start, end) == pytest.approx(apart, abs=1e-9)


def test_walkways_give_the_shortest_path() -> None:
    """On 150 random points with 400 random walkways, 10,000 random pairs: as by Floyd-Warshall."""
    rng = np.random.default_rng(9)
    size = 150
    xy = tuple((float(x), float(y)) for x, y in rng.uniform(0, 50, (size, 2)))
    chain = [(n - 1, n) for n in range(size)]  # from the depot (-1) through all points
    paths = tuple(chain + [tuple(pair) for pair in rng.integers(DEPOT, size, (400, 2)).tolist()])
    floor = FreeFormLayout(tuple(map(str, range(size))), xy, (0.0, 0.0), paths)
    matrix = np.full((size + 1, size + 1), np.inf)
    for start, end in paths:
        (x1, y1), (x2, y2) = floor.xy_m(start), floor.xy_m(end)
        matrix[start, end] = matrix[end, start] = abs(x1 - x2) + abs(y1 - y2)
    walks = floyd_warshall(matrix, directed=False)
    for start, end in rng.integers(DEPOT, size, (10_000, 2)).tolist():
        assert floor.distance_m(start, end) == pytest.approx(walks[start, end], abs=1e-9)


def test_distances_do_not_depend_on_what_was_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bit for bit the same in either direction, in any order, and when little is remembered."""
    rng = np.random.default_rng(4)
    size = 40
    places = tuple((float(x), float(y)) for x, y in rng.uniform(0, 10, (size, 2)))
    paths = ((DEPOT, 0), *((n, n + 1) for n in range(size - 1)), *((n, n + 7) for n in range(30)))
    names = tuple(str(n) for n in range(size))
    pairs = [(a, b) for a in range(DEPOT, size) for b in range(DEPOT, size)]
    one = FreeFormLayout(names, places, (0.0, 0.0), paths)
    forward = [one.distance_m(a, b) for a, b in pairs]
    monkeypatch.setattr(free_form, "MAX_REMEMBERED_DISTANCES", 3 * size)
    other = FreeFormLayout(names, places, (0.0, 0.0), paths)
    backward = [other.distance_m(b, a) for a, b in reversed(pairs)]
    assert forward == backward[::-1]
    assert len(other._rows) <= 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"names": ("a",)}, "1 names for 2 places"),
        ({"names": ("a", "a")}, "twice"),
        ({"names": (), "xy": ()}, "at least one location"),
        ({"depot_xy": (0.0, float("nan"))}, "finite"),
        ({"paths": ((DEPOT, 0), (0, 2))}, "does not exist"),
        ({"paths": ((DEPOT, 0),)}, "no walkway leads from the depot to b"),
        ({"zones": ("north",)}, "1 values for 2 places"),
    ],
)
def test_impossible_free_form_floors_are_refused(change: dict[str, object], words: str) -> None:
    """Each fault is said in words."""
    sound: dict[str, object] = {
        "names": ("a", "b"),
        "xy": ((1.0, 0.0), (2.0, 0.0)),
        "depot_xy": (0.0, 0.0),
        "paths": ((DEPOT, 0), (0, 1)),
    }
    with pytest.raises(ValueError, match=words):
        FreeFormLayout(**(sound | change))  # type: ignore[arg-type]


def test_named_aisles_and_zones_of_a_free_form_floor() -> None:
    """Named in the order of the list; an aisle that runs east is measured along x."""
    places = ((0.0, 3.0), (4.0, 0.0), (9.0, 0.0), (0.0, 8.0))
    names = ("a", "b", "c", "d")
    floor = FreeFormLayout(
        names, places, (0.0, 0.0), aisles=("north", "east", "east", "north"),
        zones=("cold", "dry", "dry", "cold"), levels=(0, 0, 1, 2),
        access_times_s=(0.0, 0.0, 5.0, 9.5),
    )  # fmt: skip
    assert floor.aisle_of == [0, 1, 1, 0]
    assert floor.offset_m == [3.0, 4.0, 9.0, 8.0]
    assert (floor.zone_names, floor.zone_of) == (("cold", "dry"), [0, 1, 1, 0])
    assert (floor.level_of, floor.access_s) == ([0, 0, 1, 2], [0.0, 0.0, 5.0, 9.5])
    plain = FreeFormLayout(names, places, (0.0, 0.0))
    assert (plain.zone_names, plain.zone_of) == (("zone 1",), [0] * 4)
    assert (plain.level_of, plain.access_s) == ([0] * 4, None)


def test_both_floors_are_layouts() -> None:
    """Whoever takes a layout can take either."""
    assert isinstance(RectangularLayout(1, 1), Layout)
    assert isinstance(FreeFormLayout(("a",), ((0.0, 0.0),), (1.0, 0.0)), Layout)


# --- reading --------------------------------------------------------------------------------------

LOCATIONS = "location_id,x_m,y_m\nA1,0,1\ndepot,0,0\nA2,2.5,1e1\n"
PATHS = "from,to\ndepot,A1\nA1,A2\n"


def read(tmp_path: Path, locations: str | bytes, paths: str | None = None) -> FreeFormLayout:
    """Read a floor from these texts."""
    places = tmp_path / "places.csv"
    places.write_bytes(locations if isinstance(locations, bytes) else locations.encode())
    walkways = None
    if paths is not None:
        walkways = tmp_path / "paths.csv"
        walkways.write_text(paths, encoding="utf-8")
    return read_free_form(places, walkways)


def test_a_floor_is_read_in_file_order_without_the_depot(tmp_path: Path) -> None:
    """The depot's row is not a location; a byte-order mark, CRLF and blank lines do no harm."""
    floor = read(tmp_path, LOCATIONS)
    assert floor.names == ("A1", "A2")
    assert floor.xy == ((0.0, 1.0), (2.5, 10.0))
    assert floor.depot_xy == (0.0, 0.0)
    assert floor.paths is None
    other = read(tmp_path, b"\xef\xbb\xbf" + LOCATIONS.replace("\n", "\r\n\r\n").encode())
    assert other == floor
    assert read(tmp_path, LOCATIONS, PATHS).paths == ((DEPOT, 0), (0, 1))


def test_columns_may_stand_in_any_order_and_ids_may_be_quoted(tmp_path: Path) -> None:
    """The header says which column is which."""
    floor = read(tmp_path, 'y_m,location_id,x_m\n1,"shelf 1, left",2\n0,depot,0\n')
    assert floor.names == ("shelf 1, left",)
    assert floor.xy == ((2.0, 1.0),)


def test_a_walkway_may_be_listed_from_both_ends(tmp_path: Path) -> None:
    """Exports often hold both directions; the distance does not double."""
    floor = read(tmp_path, LOCATIONS, PATHS + "A2,A1\n")
    assert floor.distance_m(0, 1) == 11.5


def test_further_columns_of_a_location_file(tmp_path: Path) -> None:
    """Zone, aisle, level and access time, any of them, in any order, empty at the depot."""
    text = "aisle,location_id,x_m,y_m,access_s,zone,level\n,depot,0,0,,,\nA,a1,1,2,0,dry,0\n"
    floor = read(tmp_path, text + "B,b1,5,2,7.5,cold,2\nA,a2,1,4,0,dry,0\n")
    assert floor.aisle_of == [0, 1, 0]
    assert (floor.zone_names, floor.zone_of) == (("dry", "cold"), [0, 1, 0])
    assert (floor.level_of, floor.access_s) == ([0, 2, 0], [0.0, 7.5, 0.0])
    assert read(tmp_path, LOCATIONS).access_s is None


FURTHER = "location_id,x_m,y_m,zone,aisle,level,access_s\ndepot,0,0,,,,\nA1,0,1,"


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (",A,0,0", 8, "zone: '' is empty; the name of the zone"),
        ("dry,,0,0", 12, "aisle: '' is empty; the name of the aisle"),
        (
            "dry,A,-1,0",
            14,
            "level: '-1' is not a level; a whole number from 0 (within reach) to 99",
        ),
        ("dry,A,1.5,0", 14, "level: '1.5' is not a level"),
        ("dry,A,100,0", 14, "level: '100' is not a level"),
        ("dry,A,0,-1", 16, "access_s: '-1' is not an access time; seconds from 0 to 3600"),
        ("dry,A,0,", 16, "access_s: '' is not an access time"),
        ("dry,A,0", 1, "6 fields; 7 fields: location_id, x_m, y_m, zone, aisle, level, access_s"),
    ],
)
def test_a_faulty_further_cell_is_reported_at_its_place(
    tmp_path: Path, cells: str, column: int, words: str
) -> None:
    """Each fault names line, column, key, what was found and what was expected."""
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, f"{FURTHER}{cells}\n")
    problem = caught.value.problems[0]
    assert (problem.line, problem.column) == (3, column)
    assert words in str(problem)


@pytest.mark.parametrize(
    ("locations", "paths", "line", "words"),
    [
        ("", None, 1, "an empty file"),
        ("location_id,x_m,y_m\n", None, 1, "no locations"),
        ("location_id,x_m\ndepot,1\n", None, 1, "no column y_m"),
        ("location_id,x_m,ym\ndepot,1,2\n", None, 1, "did you mean 'y_m'"),
        ("location_id,x_m,y_m,x_m\n", None, 1, "column x_m twice"),
        ("location_id,x_m,y_m,zones\n", None, 1, "'zones'; the columns location_id, x_m, y_m and, if wanted, zone, aisle, level, access_s; did you mean 'zone'"),  # noqa: E501
        (LOCATIONS + "A3,1\n", None, 5, "2 fields; 3 fields"),
        (LOCATIONS + "A3,nan,1\n", None, 5, "x_m: 'nan' is not a length"),
        (LOCATIONS + "A3,1,inf\n", None, 5, "y_m: 'inf' is not a length"),
        (LOCATIONS + "A3,1_0,1\n", None, 5, "x_m: '1_0' is not a length"),
        (LOCATIONS + "A3,1e9,1\n", None, 5, "metres from -1000000 to 1000000"),
        (LOCATIONS + ",1,1\n", None, 5, "'' is empty"),
        (LOCATIONS + "A\x1b[2J,1,1\n", None, 5, "control character"),
        (LOCATIONS + f"{'A' * 81},1,1\n", None, 5, "too long"),
        (LOCATIONS + "A1,1,1\n", None, 5, "'A1' is already used; each location_id once; first in line 2"),  # noqa: E501
        (LOCATIONS + '"A3,1,1\n', None, 5, "not a CSV record"),
        (LOCATIONS.encode() + b"A\xff,1,1\n", None, 5, "byte 0xff is not UTF-8"),
        ("location_id,x_m,y_m\nA1,1,1\ndepots,0,0\n", None, 1, "did you mean 'depots'"),
        ("location_id,x_m,y_m\ndepot,1,1\n", None, 1, "only the depot"),
        (LOCATIONS, "from,to\n", 1, "no walkways"),
        (LOCATIONS, PATHS + "A1,B9\n", 4, "to: 'B9' is not in the location file"),
        (LOCATIONS, PATHS + "A1,A1\n", 4, "is where the walkway starts"),
        (LOCATIONS, PATHS + "A1,A2\n", 4, "already listed; each walkway once; first in line 3"),
        (LOCATIONS, "from,to\ndepot,A2\n", 2, "no walkway leads from the depot to 'A1'"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_reported_with_its_line(
    tmp_path: Path, locations: str | bytes, paths: str | None, line: int, words: str
) -> None:
    """Each fault names file, line, what was found and what was expected."""
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, locations, paths)
    problem = caught.value.problems[0]
    assert problem.line == line
    assert words in str(problem)
    assert "\x1b" not in str(problem)


def test_all_faults_of_both_files_are_reported_at_once(tmp_path: Path) -> None:
    """Two bad lengths and a loop give three problems, each with its column."""
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, LOCATIONS + "A3,x,y\n", PATHS + "A2,A2\n")
    found = [(Path(p.file).name, p.line, p.column) for p in caught.value.problems]
    assert found == [("places.csv", 5, 4), ("places.csv", 5, 6), ("paths.csv", 4, 4)]


def test_a_missing_file_and_a_huge_file_are_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither ends in a traceback."""
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_free_form(tmp_path / "nowhere.csv")
    monkeypatch.setattr(csv_rows, "MAX_FILE_BYTES", 10)
    with pytest.raises(ScenarioError, match="too big"):
        read(tmp_path, LOCATIONS)
