"""The notebooks tell the truth: they run from top to bottom, and what they conclude is still so."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST_CELL = 8
FIRST_WEEK = FOLDER / "01-first-week.ipynb"
WORTH = FOLDER / "02-what-is-it-worth.ipynb"


def read(path: Path) -> Any:
    """Return a notebook."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # it has no types


def cells(path: Path, kind: str) -> list[Any]:
    """Return the cells of a kind."""
    return [cell for cell in read(path).cells if cell.cell_type == kind]


@cache
def executed(path: Path) -> dict[str, str]:
    """Run a notebook with the Python of the tests; return the text that each cell shows, by id."""
    from nbclient import NotebookClient

    notebook = read(path)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute()
    return {
        cell.id: "\n".join(_texts(cell.outputs)) for cell in notebook.cells if "outputs" in cell
    }


def _texts(outputs: list[Any]) -> list[str]:
    return [str(o.get("text") or o.get("data", {}).get("text/plain", "")) for o in outputs]


def test_there_is_a_story() -> None:
    """The notebooks are numbered from 1 without a gap."""
    numbers = [int(path.name.split("-")[0]) for path in NOTEBOOKS]

    assert numbers == list(range(1, len(NOTEBOOKS) + 1))
    assert numbers


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_not_committed(path: Path) -> None:
    """No output, no execution count and no trace of the machine is kept."""
    for cell in cells(path, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None
    assert set(read(path).metadata) <= {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_short_and_define_nothing(path: Path) -> None:
    """A cell has at most eight lines; functions live in the packages."""
    for cell in cells(path, "code"):
        assert len(cell.source.splitlines()) <= LONGEST_CELL, cell.id
        assert not re.search(r"^\s*(def|class) ", cell.source, re.MULTILINE), cell.id


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_section_ends_in_a_plain_sentence(path: Path) -> None:
    """The last text of a section is a sentence in bold."""
    texts = "\n".join(cell.source for cell in cells(path, "markdown"))
    sections = re.split(r"^## ", texts, flags=re.MULTILINE)[1:]

    assert sections
    assert [
        section.split("\n")[0] for section in sections if not re.search(r"\*\*.+\.\*\*", section)
    ] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    """Every cell runs in the environment of the tests, and every one shows something."""
    shown = executed(path)

    assert [cell_id for cell_id, text in shown.items() if not text.strip()] == []


def test_the_first_week_concludes_what_its_numbers_say() -> None:
    """Walks get shorter by an eighth, the lead time stays; one picker less saves cents an order."""
    shown = executed(FIRST_WEEK)

    row = {line[:32].strip(): line for line in shown["change"].splitlines()}
    assert row["walk a line"].endswith("better")
    before, after = (float(number) for number in row["walk a line"].split()[4:6])
    assert after / before == pytest.approx(7 / 8, abs=0.03)
    assert row["click to door, mean"].endswith("no clear difference")
    cost = next(line for line in shown["cash"].splitlines() if line.startswith("cost_per_order"))
    difference, _, highest = (float(number) for number in cost.split()[1:4])
    assert difference == pytest.approx(-0.14, abs=0.03)
    assert highest < 0.0


def test_what_it_is_worth_is_what_the_intervals_say() -> None:
    """Accuracy: fewer returns, money unclear; live stock and automated entry: money for certain."""
    shown = executed(WORTH)

    def interval(cell: str, kpi: str) -> tuple[float, float]:
        line = next(each for each in shown[cell].splitlines() if each.startswith(kpi))
        lowest, highest = (float(number) for number in line.split()[2:4])
        return lowest, highest

    assert interval("accuracy", "rate_of_return")[1] < 0.0
    low, high = interval("accuracy", "margin_eur")
    assert low < 0.0 < high
    assert interval("stock", "oversale_rate")[1] < 0.0 < interval("stock", "margin_eur")[0]
    assert interval("entry", "cost_per_order_eur")[1] < -1.0
    assert interval("entry", "order_lead_time_mean_h")[1] < -4.0
