"""``warelab validate``: a table of figures, exit 3 if one is not reproduced, 2 for a bad file."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.sim.commands.calling import called

HEADER = "case,kind,time_unit,params,metric,expected,max_rel_hw,warmup_hint"
SERVICE = '""service"":{""type"":""exponential"",""mean"":1}'
QUEUE = '"{""arrivals"":{""type"":""poisson"",""rate"":0.5},""servers"":1,' + SERVICE + '}"'
ROW = f"A,queue,minute,{QUEUE},W,2,0.1,100"


def written(folder: Path, *rows: str) -> Path:
    """Write a file of cases."""
    file = folder / "own.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return file


def test_reproduced_figures_exit_0_and_make_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table holds the exact value, the mean and the verdict; the page holds no date."""
    file, page = written(tmp_path, ROW), tmp_path / "page.md"

    words = ("--cases", file, "--quick", "--jobs", "1", "--format", "md", "--page", page)
    answer = called(capsys, "validate", *words)

    assert (answer.code, answer.err) == (0, "A: 1 of 1 figures reproduced\n")
    *table, said = answer.out.splitlines()
    assert table[0].startswith("| case | metric | exact | mean | 95 % interval |")
    assert table[2].startswith("| A | W | 2 | ")
    assert table[2].endswith(" | reproduced |")
    assert said.startswith("1 of 1 figures reproduced in ")
    assert "\n".join(table) in page.read_text(encoding="utf-8")


def test_the_table_says_what_no_scenario_plays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row with dashes and the reason; nothing is played for it."""
    file = written(tmp_path, ROW.replace('{""arr', '{""balking"":5,""arr'))

    answer = called(capsys, "validate", "--cases", file, "-q")

    header, row, said = answer.out.splitlines()
    assert header.split()[:4] == ["case", "metric", "exact", "mean"]
    assert row.split()[:5] == ["A", "W", "2", "-", "-"]
    assert row.endswith("not in scenarios: a queue with balking")
    assert said.startswith("0 of 1 figures reproduced in ")
    assert answer.code == 3


def test_other_figures_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong value and what no scenario says both count as not reproduced."""
    wrong = ROW.replace("W,2", "W,3").replace("A,", "B,")
    strange = ROW.replace('{""arr', '{""balking"":5,""arr').replace("A,", "C,")
    file = written(tmp_path, ROW, wrong, strange)

    answer = called(
        capsys, "validate", "--cases", file, "--case", "B", "--case", "C", "--quick", "--json",
        "--jobs", "1", "-q",
    )  # fmt: skip

    assert (answer.code, answer.err) == (3, "")
    said = json.loads(answer.out)
    assert said["reproduced"] == 0
    assert [each["verdict"] for each in said["figures"]] == ["off", "not in scenarios"]
    assert said["figures"][1]["words"] == "a queue with balking"
    assert said["figures"][1]["mean"] is None


def test_junit_fails_what_is_off_and_skips_what_is_not_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One case a row; a failure says what was expected, found and allowed."""
    wrong = ROW.replace("W,2", "W,3").replace("A,", "B,")
    strange = ROW.replace('{""arr', '{""balking"":5,""arr').replace("A,", "C,")
    file = written(tmp_path, ROW, wrong, strange)

    answer = called(
        capsys, "validate", "--cases", file, "--quick", "--format", "junit", "--jobs", "1", "-q"
    )

    assert answer.code == 3
    root = ET.fromstring(answer.out)  # noqa: S314  # our own words
    counts = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "3", "failures": "1", "errors": "0", "skipped": "1"}
    good, off, left_out = root.iter("testcase")
    assert [case.get("classname") for case in (good, off, left_out)] == ["A", "B", "C"]
    assert "reproduced: expected 2, found " in good.findtext("system-out", "")
    failure, skipped = off.find("failure"), left_out.find("skipped")
    assert failure is not None
    assert skipped is not None
    for words in ("off: expected 3, found ", "95 % interval", "allowed"):
        assert words in failure.get("message", "")
    assert skipped.get("message") == "not in scenarios: a queue with balking; exact 2"


def test_bad_input_exits_2_before_anything_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad row, params that are none, an unknown case, a page nowhere: each is said."""
    bad = called(capsys, "validate", "--cases", written(tmp_path, ROW.replace("W,2", "W,two")))
    assert bad.code == 2
    assert "own.csv:2:6: expected: found 'two'; expected a number" in bad.err

    none = called(
        capsys, "validate", "--cases", written(tmp_path, ROW.replace('""servers"":1,', ""))
    )
    assert none.code == 2
    assert "A.params: found params without 'servers'" in none.err

    unknown = called(capsys, "validate", "--case", "V99")
    assert unknown.code == 2
    assert "--case V99: found no such case" in unknown.err

    page = tmp_path / "nowhere" / "page.md"
    nowhere = called(capsys, "validate", "--cases", written(tmp_path, ROW), "--page", page)
    assert nowhere.code == 2
    assert "does not exist; make it" in nowhere.err
