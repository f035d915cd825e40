"""``warelab compare`` on the command line."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from sim.kpis import KPIS
from tests.sim.commands.calling import called
from tests.sim.experiments.small import small_file


def test_a_scenario_against_itself_is_identical(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every KPI differs by exactly 0; where one way is better it is called identical."""
    path = small_file(tmp_path)
    answer = called(capsys, "compare", path, path, "--json", "-q", "--jobs", "1")
    assert (answer.code, answer.err) == (0, "")
    (document,) = json.loads(answer.out)
    assert (document["a"], document["b"]) == ("small", "small")
    assert len(document["differences"]) > 10
    for name, found in document["differences"].items():
        verdict = "identical" if KPIS[name].better else None
        assert found == {"mean": 0.0, "ci95": [0.0, 0.0], "verdict": verdict}, name


def test_one_table_for_each_further_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three scenarios give two tables, each against the first."""
    path = small_file(tmp_path)
    further = []
    for name, wage in (("cheap", 10), ("dear", 90)):
        text = f"name: {name}\nextends: small.yaml\npeople: {{eur_per_hour: {{packers: {wage}}}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        further.append(tmp_path / f"{name}.yaml")
    words = ("-q", "--jobs", "1", "--replications", "6")
    answer = called(capsys, "compare", path, *further, *words)
    assert answer.code == 0
    assert "cheap against small: 6 replications on the same orders\n" in answer.out
    assert "dear against small: 6 replications on the same orders\n" in answer.out
    costs = [line for line in answer.out.splitlines() if line.startswith("cost of an order")]
    assert [line.split()[-1] for line in costs] == ["better", "worse"]


def test_a_named_kpi_joins_the_table_and_the_family(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--kpi adds its row below the headline, once, with a verdict where one way is better."""
    path = small_file(tmp_path)
    words = ("compare", path, path, "-q", "--jobs", "1")
    plain = json.loads(called(capsys, *words, "--json").out)[0]["differences"]
    more = ("--kpi", "oversale_rate", "--kpi", "units_sold", "--kpi", "oversale_rate")
    named = json.loads(called(capsys, *words, "--json", *more).out)[0]["differences"]
    assert list(named) == [*plain, "oversale_rate", "units_sold"]
    assert named["oversale_rate"]["verdict"] == "identical"
    assert named["units_sold"] == {"mean": 0.0, "ci95": [0.0, 0.0], "verdict": None}
    rows = called(capsys, *words, *more).out.strip().splitlines()
    assert rows[-2].startswith("lines oversold ")
    assert rows[-2].endswith("identical")
    assert rows[-1].startswith("units sold ")


def test_a_headline_kpi_may_be_named_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stays where it is."""
    path = small_file(tmp_path)
    words = ("compare", path, path, "-q", "--jobs", "1", "--replications", "1")
    answer = called(capsys, *words, "--kpi", "margin_eur")
    assert answer.code == 0
    assert answer.out == called(capsys, *words).out


def test_an_unknown_kpi_is_refused_before_anything_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest name is said; a word near to none leads to the page of all KPIs."""
    path = small_file(tmp_path)
    answer = called(capsys, "compare", path, path, "--kpi", "oversal_rate")
    assert (answer.code, answer.out) == (2, "")
    assert "found 'oversal_rate'" in answer.err
    assert "did you mean oversale_rate" in answer.err
    answer = called(capsys, "compare", path, path, "--kpi", "zzz")
    assert answer.code == 2
    assert "docs/kpis.md" in answer.err


def test_what_cannot_be_compared_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One scenario alone, or two with different seeds, end with 2 and say how to mend it."""
    path = small_file(tmp_path)
    answer = called(capsys, "compare", path)
    assert answer.code == 2
    assert "at least two scenarios" in answer.err
    other = tmp_path / "other.yaml"
    other.write_text("name: other\nextends: small.yaml\nrun: {seed: 5}\n", encoding="utf-8")
    words = ("-q", "--jobs", "1", "--replications", "1")
    answer = called(capsys, "compare", path, other, *words)
    assert (answer.code, answer.out) == (2, "")
    assert "--seed" in answer.err
    assert called(capsys, "compare", path, other, "--seed", "6", *words).code == 0


SLOW = ("--jobs", "1", "--replications", "4")


def slower(folder: Path) -> Path:
    """Write a scenario in which people walk at a fifth of the speed and packers cost more."""
    path = folder / "slower.yaml"
    text = (
        "name: slower\nextends: small.yaml\n"
        "warehouse: {walk_speed_m_per_s: 0.2}\npeople: {eur_per_hour: {packers: 90}}\n"
    )
    path.write_text(text, encoding="utf-8")
    return path


def test_a_gate_fails_only_beyond_its_tolerance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dearer house ends with 3; a tolerance wide enough, or the same house, with 0."""
    path, worse = small_file(tmp_path), slower(tmp_path)
    gate = ("--gate", "cost_per_order_eur=0.05")
    answer = called(capsys, "compare", path, worse, *gate, "-q", *SLOW)
    assert answer.code == 3
    assert "gate cost_per_order_eur FAILED" in answer.out
    wide = ("--gate", "cost_per_order_eur=100000%")
    assert called(capsys, "compare", path, worse, *wide, "-q", *SLOW).code == 0
    assert called(capsys, "compare", path, path, *gate, "-q", *SLOW).code == 0
    assert called(capsys, "compare", worse, path, *gate, "-q", *SLOW).code == 0


def test_every_format_says_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markdown goes to the job summary too; JUnit is XML with the failed gate."""
    path, worse = small_file(tmp_path), slower(tmp_path)
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    words = ("compare", path, worse, "--gate", "cost_per_order_eur=0", "-q", *SLOW)
    answer = called(capsys, *words, "--format", "junit")
    root = ET.fromstring(answer.out)  # noqa: S314  # our own words
    assert (root.tag, root.get("failures")) == ("testsuites", "1")
    failed = [
        case.get("name") for case in root.iter("testcase") if case.find("failure") is not None
    ]
    assert failed == ["cost_per_order_eur"]
    assert "### slower against small" in summary.read_text(encoding="utf-8")
    markdown = called(capsys, *words, "--format", "md").out
    assert {line.count("|") for line in markdown.splitlines() if "|" in line} == {7}
    document = json.loads(called(capsys, *words, "--format", "json").out)
    assert document[0]["differences"]["cost_per_order_eur"]["gate"]["failed"] is True


def test_amounts_that_are_none_are_said_all_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each bad word has its line, before anything is played."""
    path = small_file(tmp_path)
    bad = ("cost_per_order_eur", "cost_per_order_eu=1", "units_sold=1", "margin_eur=-1%")
    answer = called(capsys, "compare", path, path, *(w for b in bad for w in ("--gate", b)))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("--gate: found") == len(bad)
    answer = called(capsys, "compare", path, path, "--gate", "margin_eur=1%", "--replications", "1")
    assert answer.code == 2
    assert "at least 2" in answer.err


def test_a_declared_effect_decides_what_matters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A difference below the smallest effect of interest is not called worse."""
    path, worse = small_file(tmp_path), slower(tmp_path)
    words = ("compare", path, worse, "--json", "-q", *SLOW)
    verdicts = [
        json.loads(called(capsys, *words, "--smallest", f"cost_per_order_eur={amount}").out)[0][
            "differences"
        ]["cost_per_order_eur"]["verdict"]
        for amount in ("0.1%", "100000")
    ]
    assert verdicts == ["worse", "no clear difference"]
