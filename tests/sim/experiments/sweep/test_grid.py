"""The grid of a sweep: values as they are written, and every mistake said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import Problem, ScenarioError
from sim.experiments.sweep.grid import Axis, axes_of, axis_of, cells_of, parted
from tests.sim.experiments.small import small_file


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("4..8", ["4", "5", "6", "7", "8"]),
        ("4..9..2", ["4", "6", "8"]),
        ("7..7", ["7"]),
        ("-1..1", ["-1", "0", "1"]),
        ("0.1..0.3..0.1", ["0.1", "0.2", "0.3"]),
        ("0..1..0.5", ["0", "0.5", "1"]),
        ("100..300..100", ["100", "200", "300"]),
        ("4,8,12", ["4", "8", "12"]),
        ("1..3,7", ["1", "2", "3", "7"]),
        ("0.5, 1.5", ["0.5", "1.5"]),
        ("s_shape,exact", ["s_shape", "exact"]),
        ("../plan.yaml,b..c", ["../plan.yaml", "b..c"]),
        ("[1, 2],[3, 4]", ["[1, 2]", "[3, 4]"]),
        ("{a: 1, b: [2, 3]},null", ["{a: 1, b: [2, 3]}", "null"]),
        ("'x,y',z", ["'x,y'", "z"]),
        ("{start: 14:00, pickers: 4}", ["{start: 14:00, pickers: 4}"]),
    ],
)
def test_values_are_read_exactly(written: str, values: list[str]) -> None:
    """Ranges are counted in decimals, so that no step is lost; everything else is left as it is."""
    problems: list[Problem] = []
    assert axis_of(f"a.b={written}", problems) == Axis("a.b", tuple(values))
    assert not problems


def test_commas_in_brackets_do_not_part() -> None:
    """Only commas outside brackets and quotes part values; an apostrophe in a word is none."""
    assert parted("[a, [b, c]],{d: 'e,]'},don't,f") == ["[a, [b, c]]", "{d: 'e,]'}", "don't", "f"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("staff.late.pickers", "no key.path=values"),
        ("a..b=1", "no key.path=values"),
        ("a=", "an empty value"),
        ("a=1,,2", "an empty value"),
        ("a=4..", "both ends"),
        ("a=8..4", "low..high"),
        ("a=1..4..0", "a step above 0"),
        ("a=0.5..1.5", "a step for a range of fractions"),
        ("a=1..1000000", "at most 2,000 cells"),
        ("a=1,2,1", "'1' twice"),
        ("run.seed=1..3", "orders and replications shared"),
    ],
)
def test_what_is_no_axis_is_said(text: str, words: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(ScenarioError, match="expected") as refused:
        axes_of([text])
    assert words in str(refused.value)


def test_all_axes_are_judged_at_once() -> None:
    """Two bad axes give two problems, a good one none."""
    with pytest.raises(ScenarioError) as refused:
        axes_of(["a=8..4", "b=1,2", "c"])
    assert [problem.file for problem in refused.value.problems] == ["--vary a=8..4", "--vary c"]


def test_too_many_cells_are_counted_before_anything_is_read() -> None:
    """2,000 cells are allowed, one axis value more is refused with the count."""
    assert len(axes_of(["a=1..40", "b=1..50"])) == 2
    with pytest.raises(ScenarioError, match=r"41 x 50 = 2,050 cells"):
        axes_of(["a=1..41", "b=1..50"])


def test_the_last_axis_changes_fastest(tmp_path: Path) -> None:
    """Cells stand in the order of nested loops and hold exact values; ``--set`` lies below."""
    axes = axes_of(["staff.late.pickers=1,2", "picking.batch_max_orders=4,8"])
    cells = cells_of(str(small_file(tmp_path)), axes, ["staff.late.pickers=9"])
    assert [cell.words for cell in cells] == [("1", "4"), ("1", "8"), ("2", "4"), ("2", "8")]
    assert [cell.number for cell in cells] == [0, 1, 2, 3]
    assert [cell.value(axes[0], 0) for cell in cells] == [1, 1, 2, 2]
    assert [cell.loaded.scenario.picking.batch_max_orders for cell in cells] == [4, 8, 4, 8]


def test_every_problem_of_every_cell_is_said_once(tmp_path: Path) -> None:
    """A bad value stands in many cells and a bad key in all; each is one problem."""
    axes = axes_of(["staff.late.pickers=1,x", "picking.batch_max_orders=0,4", "staff.lat=1,2"])
    with pytest.raises(ScenarioError) as refused:
        cells_of(str(small_file(tmp_path)), axes)
    files = sorted({problem.file for problem in refused.value.problems})
    assert files == [
        "--set picking.batch_max_orders=0",
        "--set staff.lat=1",
        "--set staff.lat=2",
        "--set staff.late.pickers=x",
    ]
    assert len(refused.value.problems) == len(set(refused.value.problems))


def test_the_same_scenario_twice_is_refused(tmp_path: Path) -> None:
    """Two ways of writing one value are one cell, which cannot be compared with itself."""
    axes = axes_of(["orders.per_day=40,40.0"])
    with pytest.raises(ScenarioError, match="are the same scenario"):
        cells_of(str(small_file(tmp_path)), axes)
