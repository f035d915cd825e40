"""Names that would be code elsewhere are only names here: on the terminal, in CSV, on the page."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
import unicodedata
from pathlib import Path

import pytest

from tests.sim.commands.calling import called
from tests.sim.experiments.small import small_file

CHANNEL = '=cmd|"/c calc"!A1 [31m\n\u202e\u200b$\\frac{1}{0}$ <script>alert(1)</script>'
CATEGORY = "@SUM(1+1)</td><img src=x onerror=alert(1)>{{7*7}}"
SKUS = ("=1+1", "+2", "-3", "@4", "<script>alert(2)</script>", "A;B,C", "{{ 7*7 }}", "商品 😀")
FORMULA_STARTS = ("=", "+", "-", "@")


def hostile(folder: Path) -> Path:
    """Write a scenario whose title, channel, category and SKUs are hostile."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["sku", "category"])
    writer.writerows((sku, CATEGORY) for sku in SKUS)
    (folder / "items.csv").write_text(sheet.getvalue(), encoding="utf-8")
    quoted = json.dumps(CHANNEL)
    path = small_file(folder)
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "orders: {per_day: 40}",
        f"title: {quoted}\norders:\n  per_day: 40\n  channels:\n    web: {{share: 0.5}}\n"
        f"    marketplace: null\n    phone: null\n    {quoted}: {{share: 0.5}}",
    ).replace(
        "items: {count: 60}",
        "items:\n  file: items.csv\n  categories: {general: null, apparel: null, glass: null, "
        f"{json.dumps(CATEGORY)}: {{share: 1.0}}}}",
    )
    path.write_text(text, encoding="utf-8")
    return path


def unsafe(text: str) -> list[str]:
    """Return the control and formatting characters of a text that has several lines."""
    return [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")]


def csv_links(page: str) -> list[str]:
    """Return the tables behind the page's links."""
    links = re.findall(r'href="data:text/csv;charset=utf-8;base64,([^"]*)"', page)
    return [base64.b64decode(html.unescape(link)).decode("utf-8") for link in links]


def test_a_run_shows_hostile_names_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No name moves the cursor, opens an element of the page or starts a formula in a cell."""
    answer = called(
        capsys, "run", hostile(tmp_path), "--jobs", "1", "--results", tmp_path / "results"
    )
    assert answer.code == 0
    assert unsafe(answer.out + answer.err) == []
    (folder,) = (tmp_path / "results" / "small").iterdir()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert html.escape("<script>alert(1)</script>") in page
    assert html.escape("<script>alert(2)</script>") in page
    assert unsafe(page) == []
    tables = csv_links(page)
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row]
    assert "'=1+1" in cells
    for cell in cells:
        if cell.startswith(FORMULA_STARTS):
            float(cell)  # a negative number may begin with a minus, text may not


def test_the_run_folder_keeps_hostile_names_exactly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is read back has the names unchanged, and the run can be played again from it."""
    path, results = hostile(tmp_path), tmp_path / "results"
    called(capsys, "run", path, "-q", "--no-report", "--jobs", "1", "--results", results)
    (folder,) = (results / "small").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert CHANNEL in manifest["parameters"]["scenario"]["orders"]["channels"]
    answer = called(capsys, "report", folder, "-q", "--jobs", "1")
    assert (answer.code, answer.err) == (0, "")


def test_check_shows_hostile_names_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The values with their origins are safe to print on a terminal."""
    answer = called(capsys, "check", hostile(tmp_path), "--show")
    assert answer.code == 0
    assert unsafe(answer.out) == []
    channel = r"""=cmd|"/c calc"!A1 [31m\n\u202e\u200b$\frac{1}{0}$ <script>alert(1)</script>"""
    assert f"orders.channels.{channel}.share: 0.5  # " in answer.out


@pytest.mark.parametrize("control", ["\x1b[31m", "\x9b2J", "\x00"])
def test_control_characters_are_refused_in_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], control: str
) -> None:
    """A channel whose name has control characters ends with 2 and shows them escaped."""
    path = tmp_path / "hidden.yaml"
    channel = f"orders: {{channels: {{{json.dumps('web' + control)}: {{}}}}}}\n"
    path.write_text(f"name: hidden\n{channel}", encoding="utf-8")
    answer = called(capsys, "run", path, "--results", tmp_path / "results")
    assert (answer.code, answer.out) == (2, "")
    assert f"{path}:2:" in answer.err
    assert unsafe(answer.err) == []
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    "name", ["../../outside", "=cmd()", "a/b", ".hidden", "\x1b[31mred", "a b", "CON\u202e"]
)
def test_a_scenario_name_that_is_no_folder_name_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A name that could leave the results folder, or colour the terminal, ends with 2."""
    path = tmp_path / "hostile.yaml"
    path.write_text(f"name: {json.dumps(name)}\nextends: baseline\n", encoding="utf-8")
    answer = called(capsys, "run", path, "--results", tmp_path / "results")
    assert (answer.code, answer.out) == (2, "")
    assert f"{path}:1:7: name: " in answer.err
    assert unsafe(answer.err) == []
    assert not (tmp_path / "results").exists()
