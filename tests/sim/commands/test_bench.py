"""``warelab bench`` on the command line."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from sim.experiments import cells
from sim.experiments.bench.baseline import read_baseline
from sim.experiments.bench.suite import read_suite
from sim.experiments.replication import Outcome, play_replication
from tests.sim.commands.calling import ROOT, Answer, called
from tests.sim.experiments.small import small_file

SUITE = """\
name: two
seed: 7
replications: 4
main_kpi: walk_m_per_line
kpis:
  walk_m_per_line: 1%
  click_to_ship_mean_h: 1%
  cost_per_order_eur: 0.05
settings: {run.horizon_days: 1}
scenarios:
  shop: {scenario: small.yaml}
policies:
  today: {}
  exact: {picking.routing: exact}
"""
CELLS, KPIS_OF_A_CELL = 2, 3


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of one small shop and two policies."""
    small_file(tmp_path)
    path = tmp_path / "suite.yaml"
    path.write_text(SUITE, encoding="utf-8")
    return path


@pytest.fixture
def baseline(suite: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The baseline of the suite."""
    path = suite.parent / "baselines" / "two.json"
    assert bench(capsys, suite, "--save", path).code == 0
    return path


def bench(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Answer:
    """Run the command quietly in this process."""
    return called(capsys, "bench", *words, "-q", "--jobs", "1", "--no-cache")


def test_unchanged_policies_are_identical_and_give_the_same_bytes(
    suite: Path, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0, every KPI of every cell identical, no gate failed even without any tolerance."""
    again = baseline.with_name("again.json")
    words = ("--against", baseline, "--gate", "0%", "--save", again, "--json")
    answer = bench(capsys, suite, *words)
    assert answer.code == 0
    against = json.loads(answer.out)["against"]
    found = [kpi["verdict"] for cell in against["cells"].values() for kpi in cell.values()]
    assert found == ["identical"] * (CELLS * KPIS_OF_A_CELL)
    assert (against["notes"], against["failed"]) == ([], False)
    assert again.read_bytes() == baseline.read_bytes()
    lines = baseline.read_text(encoding="ascii").splitlines()
    assert sum('": [' in line for line in lines) == CELLS * KPIS_OF_A_CELL


def test_a_policy_that_got_worse_fails_the_build(
    suite: Path, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """People who walk at a fifth of the speed: exit 3; a tolerance wide enough: exit 0."""
    small_file(suite.parent, "people: {eur_per_hour: {packers: 90}}\n")
    slow = "settings: {run.horizon_days: 1, warehouse.walk_speed_m_per_s: 0.2}"
    suite.write_text(SUITE.replace("settings: {run.horizon_days: 1}", slow), encoding="utf-8")
    answer = bench(capsys, suite, "--against", baseline, "--format", "junit")
    assert answer.code == 3
    root = ET.fromstring(answer.out)  # noqa: S314  # our own words
    assert int(root.get("failures", "0")) > 0
    assert int(root.get("tests", "0")) == CELLS * KPIS_OF_A_CELL
    text = bench(capsys, suite, "--against", baseline, "--gate", "100000%")
    assert text.code == 0
    assert "0 of 6 gates failed" in text.out
    assert "played otherwise than for the baseline" in text.out


def test_what_got_better_passes(
    suite: Path, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A baseline in which everything was dearer and slower is no reason to fail."""
    document = json.loads(baseline.read_text(encoding="ascii"))
    for cell in document["cells"].values():
        cell["kpis"] = {k: [2.0 * v for v in values] for k, values in cell["kpis"].items()}
    baseline.write_text(json.dumps(document), encoding="ascii")
    answer = bench(capsys, suite, "--against", baseline, "--gate", "0%", "--format", "md")
    assert answer.code == 0
    assert answer.out.count("better") >= CELLS * KPIS_OF_A_CELL


def test_a_baseline_that_does_not_fit_is_refused_with_every_reason(
    suite: Path, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other seed, fewer replications, other cells: all said at once, nothing is played."""
    other = SUITE.replace("seed: 7", "seed: 8").replace("replications: 4", "replications: 9")
    suite.write_text(other.replace("exact: {", "better: {"), encoding="utf-8")
    answer = bench(capsys, suite, "--against", baseline)
    assert (answer.code, answer.out) == (2, "")
    for words in ("seed: found 7", "replications: found 4", "no cell 'shop / better'",
                  "the cell 'shop / exact'", "4 problems in 1 file"):  # fmt: skip
        assert words in answer.err


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text[:-40], "found no JSON"),
        (lambda text: text.replace('"format": 1', '"format": 9'), "format: found 9"),
        (lambda text: text.replace('"seed": 7', '"seed": "x"'), "seed: found 'x'"),
        (lambda text: text.replace('_line": [', '_line": [1.0, '), "a list of 4 numbers"),
        (lambda text: text.replace('_line": [', '_line": [NaN, '), "finite numbers"),
        (lambda _: "[]", "expected a map"),
        (lambda _: "[" * 100_000, "found no JSON"),
    ],
)  # fmt: skip
def test_a_damaged_baseline_is_said_in_words(
    suite: Path,
    baseline: Path,
    capsys: pytest.CaptureFixture[str],
    damage: object,
    words: str,
) -> None:
    """Never a traceback; the way to mend it is said."""
    assert callable(damage)
    baseline.write_text(damage(baseline.read_text(encoding="ascii")), encoding="ascii")
    answer = bench(capsys, suite, "--against", baseline)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert "--save" in answer.err


def test_a_bad_suite_is_said_at_its_lines(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Schema, KPIs and settings of a policy: file, line, column."""
    suite.write_text(SUITE.replace("routing: exact", "routng: exact"), encoding="utf-8")
    answer = bench(capsys, suite)
    assert answer.code == 2
    assert f"{suite}:14:" in answer.err
    assert "did you mean" in answer.err
    suite.write_text(SUITE.replace("walk_m_per_line", "walk_per_line"), encoding="utf-8")
    answer = bench(capsys, suite)
    assert answer.code == 2
    assert f"{suite}:6:" in answer.err
    suite.write_text("name: x\npolicys: {}\n", encoding="utf-8")
    answer = bench(capsys, suite)
    assert answer.code == 2
    assert "policys" in answer.err


def test_words_that_do_not_fit_together_are_refused(
    suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A gate needs a baseline and per cent; a quick look is no baseline."""
    for words, said in (
        (("--gate", "1%"), "--against"),
        (("--gate", "1", "--against", "x"), "per cent"),
        (("--quick", "--save", "x"), "--quick and --save"),
        (("--json", "--format", "md"), "only one"),
        (("--against", "nothing.json"), "nothing.json"),
    ):
        answer = bench(capsys, suite, *words)
        assert (answer.code, answer.out) == (2, "")
        assert said in answer.err


def test_a_quick_look_takes_the_first_replications(
    suite: Path, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two of four, identical to the baseline's first two; two processes give the same numbers."""
    answer = called(
        capsys, "bench", suite, "--quick", "--against", baseline, "-q", "--json", "--jobs", "2",
        "--no-cache",
    )  # fmt: skip
    assert answer.code == 0
    document = json.loads(answer.out)
    assert {len(v) for cell in document["values"].values() for v in cell.values()} == {2}
    assert document["against"]["failed"] is False
    places = document["leaderboard"]["shop"]
    assert next(place["rank"] for place in places) == 1


def test_what_was_played_once_is_taken_the_second_time(
    suite: Path, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A quick look is the beginning of the whole; then nothing is left to play. The numbers are
    those without a store; two policies that are the same scenario do not wait for each other.
    """
    suite.write_text(SUITE + "  same: {picking.routing: exact}\n", encoding="utf-8")
    results, count, files = suite.parent / "results", CELLS + 1, []
    played = ("bench", suite, "--jobs", "1", "--results", results)
    assert called(capsys, *played, "--quick").err == ""
    for number, (taken, left) in enumerate(((2 * count, 2 * count), (4 * count, 0))):
        words = f"{taken} replications taken from {results}, {left} played"
        files.append(suite.parent / f"{number}.json")
        answer = called(capsys, *played, "--save", files[number])
        assert (answer.code, answer.err.splitlines()[0]) == (0, words)
    assert files[0].read_bytes() == files[1].read_bytes()
    found, plain = (json.loads(file.read_text())["cells"] for file in (files[1], baseline))
    assert {cell: found[cell] for cell in plain} == plain


def test_every_policy_of_the_reviewed_baseline_does_something() -> None:
    """It holds the built-in suite's cells; in each house each policy differs from today."""
    kept = read_baseline(str(ROOT / "results" / "baselines" / "policies.json")).values
    assert sorted(kept) == sorted(cell.name for cell in read_suite().cells)
    idle = []
    for name in kept:
        house, _, policy = name.partition(" / ")
        if policy != "today" and kept[name] == kept[f"{house} / today"]:
            idle.append(name)
    assert idle == []


def test_after_ctrl_c_the_same_command_goes_on(
    suite: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was finished is said to be kept; the next call plays the rest."""
    results, left = suite.parent / "results", 3
    words = ("bench", suite, "--jobs", "1", "--results", results)

    def interrupted(*played: Any) -> Outcome:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return play_replication(*played)

    with monkeypatch.context() as patched:
        patched.setattr(cells, "play_replication", interrupted)
        answer = called(capsys, *words)
    assert (answer.code, answer.out) == (130, "")
    assert f"3 replications are kept in {results}; the same command goes on" in answer.err
    answer = called(capsys, *words)
    assert answer.code == 0
    assert answer.err == f"3 replications taken from {results}, 5 played\n"
