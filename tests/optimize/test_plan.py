"""A plan file comes back as it was written, says where it comes from, and appears whole."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from optimize import plan as plan_file
from optimize.plan import Plan, plan_text, read_plan, write_plan
from sim.errors import ScenarioError
from sim.scenario.loading import load
from sim.scenario.schema import ROLES
from sim.scenario.yaml_nodes import Source

STAFF = {
    "mon-fri-0600-8h": {
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "start": "06:00",
        "end": "14:00",
        "breaks": {"meal": {"start": "09:45", "minutes": 30}},
        "pickers": 3,
    }
}
PLAN = Plan(
    kind="staffing",
    scenario="baseline",
    made_by="warelab optimize staffing baseline --write plan.yaml",
    figures={"wage_eur_per_week": 2340.0, "gap": 0.0, "status": "optimal", "proved": True},
    overlay={"staff": STAFF},
    lists={"people": [{"name": "pickers-001", "mon": "06:00-14:00", "hours": 8.0}]},
)


def test_round_trip(tmp_path: Path) -> None:
    """What is written is read back equal, with its types."""
    path = write_plan(tmp_path / "plan.yaml", PLAN)

    back = read_plan(path)

    assert back == PLAN
    assert type(back.figures["wage_eur_per_week"]) is float
    assert back.overlay["staff"]["mon-fri-0600-8h"]["start"] == "06:00"


def test_the_header_says_what_it_is() -> None:
    """The first lines name the kind, the scenario and the command; no value can add a line."""
    plan = replace(PLAN, made_by="warelab optimize\nstaff: {}\x1b[2J")

    text = plan_text(plan)

    assert text.startswith("# A staffing plan for the scenario baseline.\n# Made by: warelab ")
    assert "\nstaff:" not in text
    assert "\x1b" not in text


def test_same_bytes(tmp_path: Path) -> None:
    """The same plan gives the same bytes, and a second writing replaces the first."""
    first = write_plan(tmp_path / "plan.yaml", PLAN).read_bytes()

    second = write_plan(tmp_path / "plan.yaml", PLAN).read_bytes()

    assert first == second
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.yaml"]


words = some.text(
    alphabet=string.ascii_letters + string.digits + ":-_.#'\"{}[]&*!|>%@é ", max_size=12
)
scalars = (
    some.none()
    | some.booleans()
    | some.integers(-(2**62), 2**62)
    | some.floats(allow_nan=False, allow_infinity=False)
    | words.map(str.strip)
)
rows = some.lists(
    some.dictionaries(words.map(str.strip).filter(bool), scalars, max_size=3), max_size=3
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    figures=some.dictionaries(words.map(str.strip).filter(bool), scalars, max_size=4),
    lists=some.dictionaries(words.map(str.strip).filter(bool), rows, max_size=2),
)
def test_any_figures_and_lists_come_back(figures: dict[str, Any], lists: dict[str, Any]) -> None:
    """Numbers, words that look like numbers, and odd keys all come back as they were."""
    plan = replace(PLAN, figures=figures, lists=lists)

    text = plan_text(plan)

    back = plan_file._read(text.encode(), Source("plan", None))
    assert back == plan
    assert repr(back.figures) == repr(figures)


def test_key_paths_may_be_overlaid(tmp_path: Path) -> None:
    """A plan may replace a single value by its key path; a value the schema refuses is told."""
    plan = replace(PLAN, overlay={"picking.routing": "exact", "staff.early.pickers": 7})

    assert read_plan(write_plan(tmp_path / "plan.yaml", plan)) == plan
    for overlay in ({"picking.routing": 3}, {"staff.early.pickers": -1}, {"pick.routing": "exact"}):
        with pytest.raises(ScenarioError, match="overlay"):
            write_plan(tmp_path / "bad.yaml", replace(PLAN, overlay=overlay))


def test_a_scenario_takes_the_plan(tmp_path: Path) -> None:
    """A scenario that names the plan works with the plan's shifts, and with those only."""
    shift = {**STAFF["mon-fri-0600-8h"], **dict.fromkeys(ROLES, 2), "pickers": 3}
    write_plan(tmp_path / "plan.yaml", replace(PLAN, overlay={"staff": {"all-day": shift}}))
    scenario = tmp_path / "planned.yaml"
    scenario.write_text("name: planned\nplan: plan.yaml\n")

    staff = load(scenario).scenario.staff

    assert list(staff) == ["all-day"]
    assert (staff["all-day"].pickers, staff["all-day"].packers) == (3, 2)


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk fails in the middle, the old plan is whole and nothing else lies around."""
    path = write_plan(tmp_path / "plan.yaml", PLAN)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.whole_file.os.fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_plan(path, replace(PLAN, scenario="other"))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.yaml"]


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, figures={"gap": float("nan")}),
        replace(PLAN, figures={"gap": float("inf")}),
        replace(PLAN, figures={"gap": object()}),
        replace(PLAN, figures={3: 4}),  # type: ignore[dict-item]
        replace(PLAN, figures={"note": " blanks at the ends "}),
    ],
)
def test_what_would_not_come_back_is_not_written(tmp_path: Path, plan: Plan) -> None:
    """NaN, objects, keys that are no text: refused before the file is touched."""
    with pytest.raises(ValueError, match=r"plan\.figures|come back"):
        write_plan(tmp_path / "plan.yaml", plan)
    assert list(tmp_path.iterdir()) == []


def test_an_overlay_that_is_no_scenario_is_not_written(tmp_path: Path) -> None:
    """Staff that the schema refuses never becomes a plan."""
    overlay = {"staff": {"early": {"start": "06:00", "end": "14:00", "pickers": -1}}}

    with pytest.raises(ScenarioError, match=r"overlay\.staff\.early\.pickers: found -1"):
        write_plan(tmp_path / "plan.yaml", replace(PLAN, overlay=overlay))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("plan_version: 1", "plan_version: 2"), r"plan\.yaml:\d+:\d+: plan_version: found 2"),
        (('kind: "staffing"', "kind: 7"), r"kind: found 7; expected a word"),
        (('kind: "staffing"\n', ""), r"kind: found nothing"),
        (("figures:", "figure:"), r"did you mean figures"),
        (("  staff:", "  staffs:"), r"overlay\.staffs: .*cannot replace"),
        (("  staff:", "  name:"), r"overlay\.name: .*cannot replace"),
        (("pickers: 3", "pickers: three"), r"plan\.yaml:\d+:\d+: overlay\.staff.*pickers"),
        (('start: "06:00"', "start: &a 06:00"), r"plan\.yaml:\d+"),
        (("pickers: 3", "pickers: 3\n      pickers: 4"), r"plan\.yaml:\d+"),
        (("overlay:", "overlay: ]"), r"plan\.yaml:\d+"),
    ],
)
def test_broken_files_are_told_with_their_line(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    """A plan file that was broken by hand is refused with file, line and key path."""
    path = tmp_path / "plan.yaml"
    text = plan_text(PLAN)
    assert change[0] in text
    path.write_text(text.replace(*change, 1))

    with pytest.raises(ScenarioError, match=words):
        read_plan(path)


@pytest.mark.parametrize("raw", [b"", b"- 1\n", b"\xff\xfe", b"text"])
def test_files_that_are_no_plan(tmp_path: Path, raw: bytes) -> None:
    """An empty file, a list, bytes that are no text: refused, never a traceback."""
    path = tmp_path / "plan.yaml"
    path.write_bytes(raw)

    with pytest.raises(ScenarioError):
        read_plan(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    """A file that is not there is told like any other problem."""
    with pytest.raises(ScenarioError, match="No such file"):
        read_plan(tmp_path / "none.yaml")
