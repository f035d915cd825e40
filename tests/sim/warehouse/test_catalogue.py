from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.scenario.schema.items import ItemsSection
from sim.scenario.schema.warehouse import StorageRule
from sim.warehouse.catalogue import generated_catalogue, read_catalogue
from sim.warehouse.layout import FreeFormLayout, RectangularLayout
from sim.warehouse.slotting import Storage, assign_locations

TWO = ItemsSection.model_validate(
    {
        "count": 1000,
        "categories": {
            "shoes": {"share": 0.305, "return_rate": 0.4, "fragile_share": 0.0},
            "glass": {
                "share": 0.695,
                "fragile_share": 0.9,
                "price_eur": {"distribution": "deterministic", "value": 12.5},
                "cost_share": 0.4,
            },
        },
    }
)
ONE = ItemsSection()


def write(folder: Path, text: str) -> Path:
    """Write a catalogue file."""
    path = folder / "items.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str, items: ItemsSection = TWO) -> list[str]:
    """Return the problem lines of a catalogue file that cannot be used."""
    with pytest.raises(ScenarioError) as caught:
        read_catalogue(write(folder, text), "items.csv", items)
    return [str(problem) for problem in caught.value.problems]


def test_categories_are_dealt_by_share() -> None:
    """Shares of 30.5 % and 69.5 % of 1000 SKUs are 305 and 695 SKUs, and each has its traits."""
    catalogue = generated_catalogue(TWO, 1)
    shoes, glass = catalogue.category == 0, catalogue.category == 1
    assert (shoes.sum(), glass.sum()) == (305, 695)
    assert np.all(catalogue.return_rate[shoes] == 0.4)
    assert not catalogue.fragile[shoes].any()
    assert catalogue.fragile[glass].sum() == round(0.9 * 695)
    assert np.all(catalogue.price_cents[glass] == 1250)
    assert np.all(catalogue.cost_cents[glass] == 500)
    # Dealt in shuffled order: neither half of the list belongs to one category.
    assert 50 < shoes[:500].sum() < 255


def test_leftover_skus_go_to_the_largest_remainders() -> None:
    """Ten SKUs for three equal categories: 4, 3, 3."""
    categories = {name: {"share": 1.0 / 3.0} for name in "abc"}
    items = ItemsSection.model_validate({"count": 10, "categories": categories})
    assert np.bincount(generated_catalogue(items, 1).category).tolist() == [4, 3, 3]


def test_popularity_is_the_law_shuffled() -> None:
    """Sorted shares are (r + 2) ** -0.75 over their sum; the best seller is not simply SKU 1."""
    catalogue = generated_catalogue(TWO, 1)
    weights = [(rank + 2.0) ** -0.75 for rank in range(1, 1001)]
    exact = np.array(weights) / math.fsum(weights)
    assert np.sort(catalogue.popularity)[::-1] == pytest.approx(exact, rel=1e-9)
    assert catalogue.popularity.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.argmax(catalogue.popularity) != 0


def test_measures_are_positive_and_codes_differ() -> None:
    """Even a law that is always 0 gives a price of a cent and a weight above 0."""
    nothing = {"distribution": "deterministic", "value": 0.0}
    category = {"price_eur": nothing, "weight_g": nothing, "volume_ml": nothing}
    items = ItemsSection.model_validate({"count": 9, "categories": {"air": category}})
    catalogue = generated_catalogue(items, 1)
    assert np.all(catalogue.price_cents == 1)
    assert catalogue.weight_g.min() > 0.0
    assert catalogue.volume_ml.min() > 0.0
    assert len(dict.fromkeys(catalogue.codes)) == 9


def test_prices_have_the_law_of_their_category() -> None:
    """The logarithms of 20,000 lognormal prices have the law's mean and spread."""
    catalogue = generated_catalogue(ItemsSection(count=20_000), 3)
    sigma = math.sqrt(math.log(1.0 + 0.9**2))
    logs = np.log(catalogue.price_cents / 100.0)
    assert abs(logs.mean() - (math.log(25.0) - sigma**2 / 2)) < 4.5 * sigma / math.sqrt(20_000)
    assert abs(logs.std() / sigma - 1.0) < 4.5 / math.sqrt(2 * 20_000)


def test_the_catalogue_depends_on_the_seed_alone() -> None:
    """Same seed, same goods; another seed, others."""
    one, two, other = (generated_catalogue(TWO, seed) for seed in (1, 1, 2))
    for column in dataclasses.fields(one):
        first, second = getattr(one, column.name), getattr(two, column.name)
        assert np.array_equal(first, second), column.name
    assert not np.array_equal(one.popularity, other.popularity)


def test_a_full_file_is_read_as_written(tmp_path: Path) -> None:
    """Every column arrives in its unit: euro as cents, popularity as a share, flags as flags."""
    text = (
        "sku,category,price_eur,cost_eur,weight_g,volume_ml,fragile,return_rate,popularity,location\n"
        'A-1,shoes,19.99,8.5,700,5000,no,0.5,3,7\n" B,2 ",glass,0.1,0,1.5,2,TRUE,0,1,\n'
    )
    catalogue = read_catalogue(write(tmp_path, text), "items.csv", TWO)
    assert catalogue.codes == ("A-1", "B,2")
    assert catalogue.category.tolist() == [0, 1]
    assert catalogue.price_cents.tolist() == [1999, 10]
    assert catalogue.cost_cents.tolist() == [850, 0]
    assert catalogue.weight_g.tolist() == [700.0, 1.5]
    assert catalogue.fragile.tolist() == [False, True]
    assert catalogue.return_rate.tolist() == [0.5, 0.0]
    assert catalogue.popularity.tolist() == [0.75, 0.25]
    assert catalogue.location.tolist() == [7, -1]


def test_what_is_left_out_is_the_categorys(tmp_path: Path) -> None:
    """A list of SKU codes alone is a catalogue: means of the laws, popularity in file order."""
    catalogue = read_catalogue(write(tmp_path, "\ufeffsku\r\nx\r\ny\r\n\r\n"), "i.csv", ONE)
    assert catalogue.codes == ("x", "y")
    assert catalogue.price_cents.tolist() == [2500, 2500]
    assert catalogue.cost_cents.tolist() == [1375, 1375]
    assert catalogue.volume_ml.tolist() == [1500.0, 1500.0]
    assert catalogue.return_rate.tolist() == [0.08, 0.08]
    assert catalogue.popularity[0] / catalogue.popularity[1] == pytest.approx((4 / 3) ** 0.75)


def test_sides_multiply_to_the_volume_in_their_proportions() -> None:
    """Longest first; length to width and width to height lie within their laws."""
    catalogue = generated_catalogue(ItemsSection(), 1)
    long, wide, high = catalogue.sides_mm.T

    assert long * wide * high / 1000.0 == pytest.approx(catalogue.volume_ml)
    assert ((long / wide >= 1.0) & (long / wide <= 2.0 + 1e-9)).all()
    assert ((wide / high >= 1.0) & (wide / high <= 3.0 + 1e-9)).all()
    assert (long / wide).mean() == pytest.approx(1.5, abs=5 * 0.29 / 1000**0.5)  # 1 in 10**6


def test_sides_of_a_file_are_read(tmp_path: Path) -> None:
    """All three give the volume too; none are those of the mean proportions, 1.5 and 2."""
    text = "sku,volume_ml,length_mm,width_mm,height_mm\na,,20,100,50\nb,90,20,100,50\nc,3000,,,\n"
    catalogue = read_catalogue(write(tmp_path, text), "i.csv", ONE)

    assert catalogue.sides_mm[:2].tolist() == [[100.0, 50.0, 20.0]] * 2
    assert catalogue.volume_ml.tolist() == [100.0, 90.0, 3000.0]
    # 3000 ml = 1.5 w x w x w / 2: w = 158.74 mm
    assert catalogue.sides_mm[2] == pytest.approx([238.11, 158.74, 79.37], abs=0.01)


def test_what_a_file_says_about_buying(tmp_path: Path) -> None:
    """Levels, opening stock and supplier of a SKU; an empty cell leaves them to the scenario."""
    text = (
        "sku,reorder_point,order_up_to,order_quantity,opening_units,supplier\n"
        "a,-2,9,4,7,near\nb,,,,,\n"
    )
    given = read_catalogue(write(tmp_path, text), "i.csv", ONE).given

    assert given is not None
    assert given.levels(0, (1, 2, 3)) == (-2, 9, 4)
    assert given.levels(1, (1, None, 3)) == (1, None, 3)
    assert given.opening([5, 6]) == [7, 6]
    assert given.supplier == ("near", "")
    assert read_catalogue(write(tmp_path, "sku\na\n"), "i.csv", ONE).given is None


def test_units_that_cannot_be_are_told(tmp_path: Path) -> None:
    """Units are whole, and nobody orders up to less than nothing."""
    text = "sku,order_up_to,order_quantity\na,-1,0\nb,2.5,1\n"
    told = problems_of(tmp_path, text, ONE)

    assert len(told) == 3


def test_sides_that_cannot_be_are_told(tmp_path: Path) -> None:
    """Two of three sides, and more volume than the sides hold."""
    text = "sku,volume_ml,length_mm,width_mm,height_mm\na,,20,100,\nb,120,20,100,50\n"

    told = problems_of(tmp_path, text, ONE)

    assert len(told) == 2
    assert "height_mm" in told[0]
    assert "or none" in told[0]
    assert "at most length x width x height = 100 ml" in told[1]


def test_every_defect_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    """Duplicate, unknown category, no number, NaN, negative, bad flag: each with its line."""
    text = (
        "sku,category,price_eur,weight_g,fragile,return_rate,location\n"
        "A,shoes,1.0,1,no,0,\n"
        "A,shoe,abc,nan,maybe,1.5,x\n"
        "\n"
        "B,glass,-1,0,yes,0,-3\n"
        "C,glass\n"
    )
    found = problems_of(tmp_path, text)
    places = [line.split(": ")[:2] for line in found]
    assert places == [
        ["items.csv:3:1", "sku"],
        ["items.csv:3:3", "category"],
        ["items.csv:3:8", "price_eur"],
        ["items.csv:3:12", "weight_g"],
        ["items.csv:3:16", "fragile"],
        ["items.csv:3:22", "return_rate"],
        ["items.csv:3:26", "location"],
        ["items.csv:5:9", "price_eur"],
        ["items.csv:5:12", "weight_g"],
        ["items.csv:5:20", "location"],
        ["items.csv:6:1", "2 fields; 7 fields, as in the header"],
    ]
    assert "first in line 2" in found[0]
    assert "did you mean 'shoes'?" in found[1]


def test_equal_codes_are_equal_in_every_spelling(tmp_path: Path) -> None:
    """The same letter written in two Unicode ways, or with blanks around, is the same SKU."""
    found = problems_of(tmp_path, "sku\ncaf\u00e9\n cafe\u0301 \n", ONE)
    assert len(found) == 1
    assert "each SKU once" in found[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "an empty file"),
        ("sku,category\n", "no SKUs"),
        ("price_eur\n1\n", "no such column; the column sku"),
        ("sku\nA\n", "no such column; the column category"),
        ("sku,category,sku\nA,shoes,B\n", "this column stands there twice"),
        ("sku,category,weigth_g\nA,shoes,1\n", "did you mean 'weight_g'?"),
        ("sku,category,popularity\nA,shoes,0\n", "every popularity is 0"),
        ("sku,category,popularity\nA,shoes,\n", "in every row"),
        ("sku,category,price_eur\nA,shoes,1e999\n", "a number from 0 to 1e+07"),
        ('sku,category\n"A,shoes\n', "not a CSV record"),
        (f"sku,category\n{'x' * 81},shoes\n", "1 to 80 printable characters"),
    ],
)
def test_defects_of_the_whole_file(tmp_path: Path, text: str, told: str) -> None:
    """A file that is empty, lacks a column, has one too many or cannot be cut is explained."""
    assert any(told in line for line in problems_of(tmp_path, text))


def test_a_file_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are shown with their line; a missing file is said to be missing."""
    path = tmp_path / "items.csv"
    path.write_bytes(b"sku\nA\n\xff\n")
    with pytest.raises(ScenarioError, match=r"i\.csv:3:1: byte 0xff is not UTF-8"):
        read_catalogue(path, "i.csv", ONE)
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_catalogue(tmp_path / "none.csv", "none.csv", ONE)


def test_random_storage_is_a_permutation() -> None:
    """Every SKU has a location of its own; seed alone decides which."""
    catalogue = generated_catalogue(ItemsSection(count=100), 1)
    floor = RectangularLayout(aisles=2, positions_per_side=30)
    places = assign_locations(catalogue, floor, Storage("random"), 1)
    assert len(dict.fromkeys(places)) == 100
    assert min(places) >= 0
    assert max(places) < 120
    assert places == assign_locations(catalogue, floor, Storage("random"), 1)
    assert places != assign_locations(catalogue, floor, Storage("random"), 2)


def test_best_sellers_lie_nearest() -> None:
    """By popularity, who sells better never walks further."""
    catalogue = generated_catalogue(ItemsSection(count=100), 1)
    floor = RectangularLayout(aisles=3, positions_per_side=20)
    places = assign_locations(catalogue, floor, Storage("by_popularity"), 1)
    walks = [floor.distance_m(-1, places[k]) for k in np.argsort(-catalogue.popularity)]
    assert walks == sorted(walks)
    unused = [place for place in range(floor.locations) if place not in places]
    assert min(floor.distance_m(-1, place) for place in unused) >= walks[-1]


def test_class_a_fills_the_nearest_aisles() -> None:
    """Within aisles: 40 A-SKUs fill the aisle at the depot, 60 B-SKUs the next and half of a third.

    The depot stands before aisle 1, so that the order of the aisles is 1, 0, 2, 3, 4.
    """
    catalogue = generated_catalogue(ItemsSection(count=200), 1)
    floor = RectangularLayout(5, 20, depot_aisle=1.0)
    storage = Storage("abc_within_aisle", a_share=0.2, b_share=0.3)
    places = assign_locations(catalogue, floor, storage, 1)
    best = np.argsort(-catalogue.popularity, kind="stable")
    aisles = [floor.aisle_of[places[sku]] for sku in best.tolist()]
    assert set(aisles[:40]) == {1}
    assert sorted(aisles[40:100]) == [0] * 40 + [2] * 20
    assert sorted(aisles[100:]) == [2] * 20 + [3] * 40 + [4] * 40
    assert len(set(places)) == 200
    # At random inside the class: the best seller of the aisle lies anywhere in it.
    walks = [floor.distance_m(-1, places[sku]) for sku in best[:40].tolist()]
    assert walks != sorted(walks)
    assert places == assign_locations(catalogue, floor, storage, 1)
    assert places != assign_locations(catalogue, floor, storage, 2)


def test_class_a_lies_at_the_front_of_every_aisle() -> None:
    """Across aisles: the classes are three strips of the floor, one behind the other."""
    catalogue = generated_catalogue(ItemsSection(count=200), 1)
    floor = RectangularLayout(5, 20, blocks=2)
    storage = Storage("abc_across_aisle", a_share=0.2, b_share=0.3)
    places = assign_locations(catalogue, floor, storage, 1)
    best = np.argsort(-catalogue.popularity, kind="stable")
    positions = [places[sku] % 20 for sku in best.tolist()]
    # Ten places a row: 40 A-SKUs are rows 0 to 3, 60 B-SKUs rows 4 to 9.
    assert sorted(positions[:40]) == sorted(list(range(4)) * 10)
    assert sorted(positions[40:100]) == sorted(list(range(4, 10)) * 10)
    assert set(positions[100:]) == set(range(10, 20))


def test_across_the_aisles_of_a_location_file() -> None:
    """Where aisles have no front, class A lies where each aisle is entered from the depot."""
    xy = tuple((5.0 * aisle, 1.0 + place) for aisle in range(4) for place in range(5))
    floor = FreeFormLayout(tuple(str(n) for n in range(20)), xy, (0.0, 0.0))
    catalogue = generated_catalogue(ItemsSection(count=20), 1)
    places = assign_locations(catalogue, floor, Storage("abc_across_aisle", 0.2, 0.4), 1)
    best = np.argsort(-catalogue.popularity, kind="stable").tolist()
    assert {xy[places[sku]][1] for sku in best[:4]} == {1.0}
    assert {xy[places[sku]][1] for sku in best[4:12]} == {2.0, 3.0}


def test_the_least_space_for_each_pick_lies_nearest() -> None:
    """Heskett's index: 3 l picked by a third of all lines and 1 l by a ninth take the same space
    a pick, 9 l; 2 l by five ninths take 3.6 l and lie nearer.
    """
    catalogue = dataclasses.replace(
        generated_catalogue(ItemsSection(count=3), 1), popularity=np.array([3 / 9, 1 / 9, 5 / 9])
    )
    floor = RectangularLayout(1, 3)
    space_ml = np.array([3000.0, 1000.0, 2000.0])
    places = assign_locations(catalogue, floor, Storage("cube_per_order", space_ml=space_ml), 1)
    assert places == [3, 1, 0]
    assert [floor.offset_m[place] for place in places] == [1.5, 2.5, 1.5]


def test_stock_in_proportion_to_sales_lies_by_volume() -> None:
    """Without a figure for the stock the index is the volume of a unit, however often picked."""
    catalogue = generated_catalogue(ItemsSection(count=30), 1)
    floor = RectangularLayout(3, 5)
    places = assign_locations(catalogue, floor, Storage("cube_per_order"), 1)
    walks = [floor.distance_m(-1, places[sku]) for sku in np.argsort(catalogue.volume_ml)]
    assert walks == sorted(walks)


@pytest.mark.parametrize(("speed", "ground"), [(1.0, 6), (2.0, 8)])
def test_reaching_up_counts_as_the_walk_of_as_many_seconds(speed: float, ground: int) -> None:
    """Eight SKUs, two sides, positions at 1.5, 2.5, ... m. The upper places of the first position,
    2.25 s up, count 3.75 m at 1 m/s: before the ground of the fourth. At 2 m/s they count 6 m.
    """
    catalogue = generated_catalogue(ItemsSection(count=8), 1)
    floor = RectangularLayout(1, 20, access_s_per_level=(0.0, 2.25))
    storage = Storage("by_popularity", walk_speed_m_per_s=speed)
    places = assign_locations(catalogue, floor, storage, 1)
    assert [floor.level_of[place] for place in places].count(0) == ground


def test_a_one_way_floor_is_measured_there_and_back() -> None:
    """Aisle 0 leads away from the depot and aisle 1 back: all its places are one round trip."""
    catalogue = generated_catalogue(ItemsSection(count=16), 1)
    floor = RectangularLayout(2, 4, one_way=True)
    places = assign_locations(catalogue, floor, Storage("by_popularity"), 1)
    best = np.argsort(-catalogue.popularity, kind="stable")
    assert [places[sku] for sku in best.tolist()] == list(range(16))


@pytest.mark.parametrize(
    "storage", ["random", "by_popularity", "abc_within_aisle", "abc_across_aisle", "cube_per_order"]
)
def test_locations_of_the_catalogue_are_kept(storage: StorageRule) -> None:
    """A SKU whose location is given lies there and nobody else is sent there."""
    catalogue = generated_catalogue(ItemsSection(count=4), 1)
    given = np.array([-1, 2, -1, 0], dtype=np.int32)
    floor = RectangularLayout(aisles=1, positions_per_side=2)
    fixed = dataclasses.replace(catalogue, location=given)
    places = assign_locations(fixed, floor, Storage(storage), 1)
    assert (places[1], places[3]) == (2, 0)
    assert sorted(places) == [0, 1, 2, 3]


def test_a_floor_that_is_too_small_is_refused() -> None:
    """101 SKUs on aisles of 20 locations need 6 aisles, and the message says so."""
    catalogue = generated_catalogue(ItemsSection(count=101), 1)
    floor = RectangularLayout(aisles=2, positions_per_side=10)
    with pytest.raises(ScenarioError, match="at least 6 aisles"):
        assign_locations(catalogue, floor, Storage("random"), 1)


def test_a_location_beyond_the_floor_is_refused() -> None:
    """A catalogue location that the floor does not have is named with its SKU."""
    catalogue = generated_catalogue(ItemsSection(count=1), 1)
    lost = dataclasses.replace(catalogue, location=np.array([99], dtype=np.int32))
    with pytest.raises(ScenarioError, match="SKU-00001 lies at location 99"):
        assign_locations(lost, RectangularLayout(1, 2), Storage("random"), 1)
