"""A file of cases is read whole, or every fault of it is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.experiments.validation.case_file import built_in_cases, chosen, read_cases

HEADER = "case,kind,title,time_unit,params,metric,expected,max_rel_hw,warmup_hint,formula,source"
GOOD = 'A,queue,one picker,hour,"{""servers"": 1}",p_wait_gt:2.5,0.25,0.05,100,a formula,a book'


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    """Write a file of cases."""
    file = folder / "cases.csv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return file


def said(file: Path) -> list[str]:
    """Return what is said of a bad file, without its name and the count at the end."""
    with pytest.raises(ScenarioError) as refused:
        read_cases(file)
    return [line.removeprefix(f"{file}:") for line in refused.value.lines()[:-1]]


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    """Kind, unit, params and figures arrive; rows of a case come together in the file's order."""
    other = GOOD.replace("p_wait_gt:2.5,0.25", "Wq,3")
    (case,) = read_cases(written(tmp_path, GOOD, "", other))

    assert (case.name, case.kind, case.title) == ("A", "queue", "one picker")
    assert (case.time_unit_s, dict(case.params), case.warm_up) == (3600.0, {"servers": 1}, 100.0)
    assert [(row.metric, row.expected) for row in case.rows] == [("p_wait_gt:2.5", 0.25), ("Wq", 3)]
    assert case.rows[0].max_rel_half_width == 0.05
    assert (case.rows[0].formula, case.rows[0].source) == ("a formula", "a book")


def test_built_in_cases_are_all_there() -> None:
    """Twelve systems with forty figures come with the package."""
    cases = built_in_cases()

    assert [case.name for case in cases] == [f"V{number:02d}" for number in range(1, 13)]
    assert sum(len(case.rows) for case in cases) == 40


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    """Line and column of each fault, in the order of the file."""
    file = written(
        tmp_path,
        GOOD,
        GOOD.replace("queue", "queu").replace("A,", "B,").replace("hour", "hours"),
        GOOD.replace("p_wait_gt:2.5", "p_wait_gt:x").replace("A,", "C,").replace(",0.05", ",0"),
        GOOD.replace('"{""servers"": 1}"', "{servers}").replace("A,", "D,"),
        GOOD.replace("p_wait_gt:2.5,0.25", "Wqq,nan").replace("hour", "day"),
        GOOD + ",more",
    )

    lines = said(file)

    starts = [
        "3:2: kind: found 'queu'; expected one of queue, ",
        "3:4: time_unit: found 'hours'; expected one of second, minute, ",
        "4:6: metric: found 'p_wait_gt:x'; expected p_wait_gt:x with a number x",
        "4:8: max_rel_hw: found 0; expected a number above 0",
        "5:5: params: found no JSON",
        "6:4: time_unit: found 'day'; expected what line 2 says of the same case",
        "6:6: metric: found 'Wqq'; expected one of Wq, W, ",
        "6:7: expected: found 'nan'; expected a number",
        "7:1: found 12 values; expected 11, as in the header",
    ]
    assert len(lines) == len(starts)
    for line, start in zip(lines, starts, strict=True):
        assert line.startswith(start)
    assert lines[0].endswith("did you mean queue")


def test_a_figure_twice_is_refused(tmp_path: Path) -> None:
    """One figure a case and metric: the second would be counted twice."""
    (line,) = said(written(tmp_path, GOOD, GOOD))

    assert line.startswith("3:6: metric: found 'p_wait_gt:2.5' of A a second time")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (HEADER.replace("metric,", ""), "found a header without 'metric'"),
        (HEADER + ",metrik", "found a header with 'metrik'"),
        (HEADER + ",case", "found a header twice with 'case'"),
    ],
)
def test_a_strange_header_is_refused(tmp_path: Path, header: str, words: str) -> None:
    """Columns that lack, are unknown or come twice are named; rows are not looked at."""
    (line,) = said(written(tmp_path, GOOD, header=header))

    assert line.startswith(f"1:1: {words}; expected case, kind, ")


def test_what_is_no_file_of_cases_is_refused(tmp_path: Path) -> None:
    """No file, no rows, no text, an open quote: a sentence, no traceback."""
    assert "cannot be read" in said(tmp_path / "none.csv")[0]
    assert "found no case" in said(written(tmp_path))[0]
    assert "found no CSV" in said(written(tmp_path, 'A,"queue'))[0]
    file = tmp_path / "bytes.csv"
    file.write_bytes(b"case\n\xff\xfe")
    assert said(file)[0].startswith("2:1: found bytes that are no text; expected UTF-8")


def test_an_unknown_case_is_said_with_the_nearest() -> None:
    """--case V13: what there is."""
    with pytest.raises(ScenarioError, match="--case V113: found no such case; expected one of V01"):
        chosen(built_in_cases(), ["V01", "V113"])
