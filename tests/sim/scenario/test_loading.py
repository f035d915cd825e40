"""From a file to a checked scenario."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import Problem, ScenarioError
from sim.scenario import (
    LoadedScenario,
    Scenario,
    bundled_scenarios,
    load,
    load_many,
    paths,
    scenario_hash,
)

Write = Callable[[str, str], Path]

HOUSE = """\
name: house
title: A house
run: {seed: 7}
picking:
  search_s: {distribution: gamma, mean: 10, cv: 0.5}
staff:
  early: {start: 06:00, end: 14:00, clerks: 1, pickers: 9, packers: 4, dispatchers: 1, receivers: 1,
          returns_clerks: 1}
  late: {start: 14:00, end: 22:00, clerks: 1, pickers: 7, packers: 4, dispatchers: 1, receivers: 1,
         returns_clerks: 1}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file into the current folder, which is empty at first."""
    monkeypatch.chdir(tmp_path)

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def refused(source: str | Path, *settings: str) -> tuple[Problem, ...]:
    """Return the problems of a source that is refused."""
    with pytest.raises(ScenarioError) as error:
        load(source, settings=settings)
    return error.value.problems


def test_a_name_is_enough(write: Write) -> None:
    """Everything but the name has a default, and all of it is in the resolved scenario."""
    write("house.yaml", "name: house\n")

    loaded = load("house.yaml")

    assert loaded.scenario == Scenario(name="house")
    assert loaded.resolved == Scenario(name="house").model_dump(mode="json")
    assert list(loaded.resolved) == list(Scenario.model_fields)
    assert loaded.origins == {"name": "house.yaml:1"}
    assert loaded.origin("run.seed") == "default"


def test_a_file_says_only_what_differs_from_its_base(write: Write) -> None:
    """Maps merge, the file speaks first, and every value knows who wrote it."""
    write("house.yaml", HOUSE)
    write("peak.yaml", "name: peak\nextends: house.yaml\nstaff: {late: {pickers: 12}}\n")

    loaded = load("peak.yaml")

    assert loaded.scenario.run.seed == 7
    assert loaded.scenario.staff["late"].pickers == 12
    assert loaded.scenario.staff["late"].packers == 4
    assert loaded.origin("staff.late.pickers") == "peak.yaml:3"
    assert loaded.origin("staff.late.packers") == "house.yaml:9"
    assert [path.name for path in loaded.read_files] == ["peak.yaml", "house.yaml"]


def test_name_and_title_are_not_inherited(write: Write) -> None:
    """Two scenarios never share a name by accident."""
    write("house.yaml", HOUSE)
    write("peak.yaml", "extends: house.yaml\n")
    write("calm.yaml", "name: calm\nextends: house.yaml\n")

    assert [problem.path for problem in refused("peak.yaml")] == ["name"]
    assert load("calm.yaml").scenario.title == ""


def test_base_file_and_plan_are_worked_in(write: Write) -> None:
    """The resolved scenario stands alone: written to a file it is the same scenario."""
    write("house.yaml", HOUSE)
    write("peak.yaml", "name: peak\nextends: house.yaml\nrun: {seed: 8}\n")
    loaded = load("peak.yaml")

    assert (loaded.scenario.extends, loaded.scenario.plan) == (None, None)
    import json

    write("alone.yaml", json.dumps(loaded.resolved))
    assert load("alone.yaml").resolved == loaded.resolved
    assert scenario_hash(load("alone.yaml")) == scenario_hash(loaded)


def test_a_shift_can_be_dropped(write: Write) -> None:
    """Nothing over an inherited map takes it away."""
    write("house.yaml", HOUSE)
    write("short.yaml", "name: short\nextends: house.yaml\nstaff: {late: null}\n")

    assert list(load("short.yaml").scenario.staff) == ["early"]
    assert list(load("house.yaml", settings=["staff.early=null"]).scenario.staff) == ["late"]


def test_another_law_replaces_the_inherited_one(write: Write) -> None:
    """The spread of a gamma law is not left over in an exponential one."""
    write("house.yaml", HOUSE)
    law = "{distribution: exponential, mean: 8}"
    write("peak.yaml", f"name: peak\nextends: house.yaml\npicking: {{search_s: {law}}}\n")

    search = load("peak.yaml").resolved["picking"]["search_s"]

    assert search == {"distribution": "exponential", "mean": 8.0}


def test_an_error_in_a_base_file_is_said_where_it_stands(write: Write) -> None:
    """The line belongs to the base file and names the heir."""
    write("house.yaml", HOUSE.replace("seed: 7", "seed: seven"))
    write("peak.yaml", "name: peak\nextends: house.yaml\n")

    (problem,) = refused("peak.yaml")

    assert (problem.file, problem.line, problem.path) == ("house.yaml", 3, "run.seed")
    assert problem.hint == "inherited by peak.yaml"


@pytest.mark.parametrize(
    ("extends", "found"),
    [
        ("nix.yaml", "found no file"),
        ("../other.yaml", "leads out of the folder"),
        ("/etc/hostname.yaml", "found the path"),
        ("peak.yaml", "found a circle"),
        ("basline", "found no scenario named"),
        ("3", "found no name of a file"),
        ("[house.yaml]", "found no name of a file"),
        ("broken.yaml", "found broken YAML"),
        ("empty.yaml", "found an empty file"),
    ],
)
def test_a_base_that_cannot_be_used_is_one_line(write: Write, extends: str, found: str) -> None:
    """What the base would have given is not reported as missing."""
    write("broken.yaml", "a: [1\n")
    write("empty.yaml", "# nothing\n")
    write("peak.yaml", f"name: peak\nextends: {extends}\nstaff: {{late: {{pickers: 12}}}}\n")

    (problem,) = refused("peak.yaml")

    assert found in problem.found


def test_a_circle_of_files_is_named(write: Write) -> None:
    """The chain is written out."""
    write("a.yaml", "name: a\nextends: b.yaml\n")
    write("b.yaml", "name: b\nextends: a.yaml\n")

    (problem,) = refused("a.yaml")

    assert problem.file == "b.yaml"
    assert "a.yaml -> b.yaml -> a.yaml" in problem.found


def test_a_bundled_scenario_is_loaded_by_name(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name opens it and can be extended from anywhere; a slip is answered with the names."""
    house = write("bundle/house.yaml", HOUSE)
    monkeypatch.setattr(paths, "bundled_folder", lambda: house.parent)
    write("mine/peak.yaml", "name: peak\nextends: house\n")

    assert load("house").file == house
    assert load("mine/peak.yaml").scenario.run.seed == 7
    assert load("house").origin("run.seed") == "bundle/house.yaml:3"
    (problem,) = refused("huose")
    assert (problem.expected, problem.hint) == (
        "expected a YAML file or one of house",
        "did you mean house",
    )


def test_a_plan_replaces_whole_values(write: Write) -> None:
    """What a plan names is replaced, not merged; what it does not name stays."""
    shift = (
        "{start: 07:00, end: 15:00, clerks: 1, pickers: 3, packers: 3, dispatchers: 1, "
        "receivers: 1, returns_clerks: 1}"
    )
    write("house.yaml", HOUSE + "plan: plans/roster.yaml\n")
    write(
        "plans/roster.yaml",
        f"made_by: me\noverlay:\n  staff: {{day: {shift}}}\n  picking.routing: return\n",
    )

    loaded = load("house.yaml")

    assert list(loaded.scenario.staff) == ["day"]
    assert loaded.scenario.picking.routing == "return"
    assert loaded.resolved["picking"]["search_s"]["mean"] == 10.0
    assert loaded.origin("picking.routing") == "plans/roster.yaml:4"
    assert (
        load("house.yaml", settings=["picking.routing=midpoint"]).resolved["picking"]["routing"]
        == "midpoint"
    )  # a setting is the last word


@pytest.mark.parametrize(
    ("plan", "path", "found"),
    [
        ("cost: 3\n", "overlay", "found no map"),
        ("overlay: 3\n", "overlay", "found no map"),
        ("overlay: {a..b: 3}\n", "overlay", "found the key"),
        ("overlay: {extends: x}\n", "overlay", "found the key"),
        ("overlay: {picking.ruting: x}\n", "picking.ruting", "found the unknown key"),
        ("- 1\n", "", "found no map at the top"),
    ],
)
def test_a_plan_that_cannot_be_used_is_one_line(
    write: Write, plan: str, path: str, found: str
) -> None:
    """The line points into the plan file."""
    write("house.yaml", HOUSE + "plan: plan.yaml\n")
    write("plan.yaml", plan)

    (problem,) = refused("house.yaml")

    assert (problem.file, problem.path) == ("plan.yaml", path)
    assert problem.found.startswith(found)


def test_a_plan_can_be_named_in_a_setting(write: Write) -> None:
    """`--set plan=…` lays a plan over any scenario."""
    write("house.yaml", HOUSE)
    write("elsewhere/plan.yaml", "overlay: {run.seed: 9}\n")

    assert load("house.yaml", settings=["plan=elsewhere/plan.yaml"]).scenario.run.seed == 9


def test_settings_are_the_last_word_and_later_ones_win(write: Write) -> None:
    """Each is blamed on the command line."""
    write("house.yaml", HOUSE)

    loaded = load("house.yaml", settings=["run.seed=8", "run.seed=9", "staff.late.pickers=1"])

    assert loaded.scenario.run.seed == 9
    assert loaded.origin("run.seed") == "--set"
    assert loaded.scenario.staff["late"].packers == 4


def test_a_wrong_setting_is_named_as_it_was_typed(write: Write) -> None:
    """An unknown path, a value out of range and an unreadable one are told together."""
    write("house.yaml", HOUSE)

    problems = refused("house.yaml", "run.sed=8", "run.seed=-1", "run.seed", "extends=house")

    assert {problem.file: problem.hint for problem in problems}["--set run.sed=8"] == (
        "did you mean seed"
    )
    assert [problem.file for problem in problems].count("--set run.seed=-1") == 1
    assert len(problems) == 4


def test_data_files_lie_beside_the_file_that_names_them(write: Write) -> None:
    """A path inside a file counts from that file's folder, also where it is inherited."""
    write("tables/skus.csv", "sku\n")
    write("house/tables/skus.csv", "sku\nA\n")
    write("house/base.yaml", HOUSE + "items: {file: tables/skus.csv}\n")
    write("house/peak.yaml", "name: peak\nextends: base.yaml\n")

    loaded = load("house/peak.yaml")

    assert loaded.external_files == {
        "items.file": (loaded.folder / "tables" / "skus.csv").resolve()
    }
    typed = load("house/peak.yaml", settings=["items.file=tables/skus.csv"])
    assert typed.external_files["items.file"] == Path("tables/skus.csv").resolve()


def test_a_path_in_a_file_stays_in_its_folder_and_a_typed_one_may_not(write: Write) -> None:
    """The file's word and the user's word are told apart."""
    write("skus.csv", "sku\n")
    write("house/a.yaml", HOUSE + "items: {file: ../skus.csv}\n")
    write("house/b.yaml", HOUSE)

    (problem,) = refused("house/a.yaml")

    assert (problem.file, problem.path) == ("house/a.yaml", "items.file")
    assert "leads out" in problem.found
    assert "items.file" in load("house/b.yaml", settings=["items.file=skus.csv"]).external_files


def test_every_problem_of_every_file_is_told_at_once(write: Write) -> None:
    """What the reader, the schema and the files say stands in order of the lines."""
    write("base.yaml", "name: base\nrun: {replications: ten}\n")
    write(
        "peak.yaml",
        "name: peak\nextends: base.yaml\nitems: {file: nix.csv}\nrun: {seed: .nan}\nstok: {}\n",
    )
    write("other.yaml", "name: other\nrun: {seed: a}\n")

    with pytest.raises(ScenarioError) as error:
        load_many(["peak.yaml", "base.yaml", "other.yaml"])

    assert [(problem.file, problem.path) for problem in error.value.problems] == [
        ("peak.yaml", "items.file"),
        ("peak.yaml", "run.seed"),
        ("peak.yaml", "stok"),
        ("base.yaml", "run.replications"),
        ("other.yaml", "run.seed"),
    ]


def test_the_hash_covers_values_and_data_but_no_places(write: Write) -> None:
    """The same scenario in another folder has the same hash; another byte of data has not."""
    text = HOUSE + "items: {file: skus.csv}\n"
    for folder in ("a", "b", "c"):
        write(f"{folder}/house.yaml", text)
        write(f"{folder}/skus.csv", "sku\n")
    write("c/skus.csv", "sku\nA\n")

    def hashed(source: str, *settings: str) -> str:
        return scenario_hash(load(source, settings=settings))

    assert hashed("a/house.yaml") == hashed("b/house.yaml")
    assert hashed("a/house.yaml") == hashed("a/house.yaml", "items.file=b/skus.csv")
    assert hashed("a/house.yaml") != hashed("c/house.yaml")
    assert hashed("a/house.yaml") != hashed("a/house.yaml", "run.seed=8")
    assert hashed("a/house.yaml") == hashed(
        "a/house.yaml", "run.seed=7", "picking.search_s.mean=10.0"
    )


def test_a_loaded_scenario_cannot_be_changed(write: Write) -> None:
    """It is a declaration."""
    write("house.yaml", HOUSE)

    loaded: LoadedScenario = load("house.yaml")

    with pytest.raises(dataclasses.FrozenInstanceError):
        loaded.file = Path()  # type: ignore[misc]


@pytest.mark.parametrize("source", ["nix.yaml", ".", "/dev/zero", "a\0b", "x" * 5000])
def test_a_source_that_is_no_file_is_one_line(write: Write, source: str) -> None:
    """A folder, a device and a wrong name are refused before anything is read."""
    write("house.yaml", HOUSE)

    (problem,) = refused(source)

    assert str(problem).isprintable()


@pytest.mark.parametrize("name", sorted(bundled_scenarios()))
def test_bundled_scenarios_can_be_used(name: str) -> None:
    """What comes with warelab passes its own checks."""
    assert load(name).scenario.name == name


def test_loading_leaves_the_heavy_libraries_alone(write: Write) -> None:
    """Checking a scenario needs neither arrays nor a clock."""
    path = write("house.yaml", HOUSE)
    code = (
        "import sys; from sim.scenario import load; load(sys.argv[1]);"
        "print([m for m in ('numpy', 'scipy', 'pandas', 'simpy', 'matplotlib', 'pyarrow', 'rich')"
        " if m in sys.modules])"
    )
    root = Path(paths.__file__).resolve().parents[2]

    answer = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "[]"


def test_a_cross_check_points_to_its_values(write: Write) -> None:
    """Names with dots are found in the file; a section is pointed to by its key."""
    channels = 'channels: {"a.b": {share: 0.4, service: nix}, c: {share: 0.4}}'
    write("house.yaml", f"{HOUSE}orders:\n  {channels}\n")

    problems = refused("house.yaml")

    assert [(problem.path, problem.line, problem.column) for problem in problems] == [
        ("orders.channels", 12, 3),
        ('orders.channels."a.b".service', 12, 43),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [("title: " + "x" * 300_000, "found more than"), ("items: [" + "1," * 9_000 + "]", "together")],
)
def test_the_limits_hold_for_a_file_and_its_bases_together(
    write: Write, line: str, found: str
) -> None:
    """A chain of large files costs no more than one."""
    write("f0.yaml", f"name: f0\n{line}\n")
    for number in range(1, 6):
        write(f"f{number}.yaml", f"name: f{number}\nextends: f{number - 1}.yaml\n{line}\n")

    problems = refused("f5.yaml")

    assert any(found in problem.found for problem in problems)
    assert all(problem.file in {"f5.yaml", "f4.yaml", "f3.yaml", "f2.yaml"} for problem in problems)
