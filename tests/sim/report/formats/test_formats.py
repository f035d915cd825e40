"""Tables as text, Markdown and JUnit: whatever a cell says, it stays a cell."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from sim.report.formats.grid import Grid, text
from sim.report.formats.junit import Case, junit
from sim.report.formats.markdown import escaped_cell, markdown

HOSTILE = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["a|b", "<script>", "[x](y)", "`", "\\|", "a\nb", "https://a.b", "]]>", "\x00\x1b[31m"]
)


@given(HOSTILE, HOSTILE)
def test_markdown_keeps_its_columns(head: str, cell: str) -> None:
    """No cell ends a column or a line, opens a tag or makes a link."""
    grid = Grid("t", (("KPI", head), (cell, "1")), (False, True), (cell,))
    rows = [line for line in markdown([grid], "x").splitlines() if line.startswith("| ")]
    assert len(rows) == 3
    for row in rows:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 3
    assert not re.search(r"(?<!\\)[<>`\[\]]", escaped_cell(cell).replace("\\\\", ""))
    assert "://" not in escaped_cell(cell)


@given(HOSTILE, HOSTILE)
def test_junit_is_xml_that_counts_its_failures(name: str, words: str) -> None:
    """Characters that XML does not know are escaped; groups stay together."""
    cases = [
        Case(name, "a", words, failed=True),
        Case("b", "c", words, skipped=True),
        Case(name, "d", words),
    ]
    root = ET.fromstring(junit(cases, name).encode())  # noqa: S314  # our own words
    counts = [root.get(name) for name in ("tests", "failures", "skipped")]
    assert counts == ["3", "1", "1"]
    assert len(list(root.iter("testcase"))) == 3
    assert len(root.findall("testsuite")) == (1 if name == "b" else 2)


def test_text_has_the_table_and_the_notes() -> None:
    """A grid without rows is its title and its notes."""
    grid = Grid("t", (("KPI", "n"), ("a", "10")), (False, True), ("note",))
    assert text(grid) == "t\nKPI   n\na    10\nnote\n"
    assert text(Grid("t", (("KPI",),), (False,), ("none",))) == "t\nnone\n"
