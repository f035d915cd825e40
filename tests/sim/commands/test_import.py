"""``warelab import`` as a planner types it: table, files, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from tests.sim.commands.calling import called

ROWS = "".join(
    f"{k},2024-{1 + k // 28:02d}-{1 + k % 28:02d} {8 + k % 10:02d}:15,SKU{k % 7},{1 + k % 3},2.50,"
    f"K{k % 9}\n"
    for k in range(84)
)
TEXT = (
    "order_id,order_ts,sku,qty,price,customer_id\n" + ROWS + "R1,2024-02-20 10:00,SKU0,-1,2.50,K0\n"
)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Twelve weeks of one order a day."""
    path = tmp_path / "orders.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_report_and_the_table_are_printed(
    capsys: pytest.CaptureFixture[str], history: Path
) -> None:
    """Without --out nothing is written, and the last word says how to."""
    answer = called(capsys, "import", history)

    assert answer.code == 0
    assert "85 rows, orders of 2024-01-01" in answer.out
    assert "orders a day" in answer.out
    assert "default: scenarios/baseline.yaml" in answer.out
    assert "--out DIR" in answer.err
    assert [path.name for path in history.parent.iterdir()] == ["orders.csv"]


def test_the_written_scenario_passes_the_check(
    capsys: pytest.CaptureFixture[str], history: Path
) -> None:
    """Three files; the scenario is named as its folder, sound, and not replaced unasked."""
    out = history.parent / "My Shop"

    wrote = called(capsys, "import", history, "--out", out)
    again = called(capsys, "import", history, "--out", out)
    forced = called(capsys, "import", history, "--out", out, "--force")
    checked = called(capsys, "check", out / "my-shop.yaml")

    assert (wrote.code, again.code, forced.code, checked.code) == (0, 2, 0, 0)
    assert sorted(path.name for path in out.iterdir()) == ["fitted.md", "items.csv", "my-shop.yaml"]
    assert "my-shop.yaml: found a file of this name; expected a folder without" in again.err
    assert again.out == ""


def test_a_month_is_played_beside_the_real_one(
    capsys: pytest.CaptureFixture[str], history: Path
) -> None:
    """--validate --month sets the simulated month beside February; the page holds the table too."""
    out = history.parent / "shop"

    answer = called(
        capsys, "import", history, "--validate", "--month", "2024-02", "--replications", "2",
        "--out", out,
    )  # fmt: skip

    assert answer.code == 0, answer.err
    title, heads, first = answer.out.split("\n\n")[2].splitlines()[:3]
    assert title == "2024-02-01 to 2024-02-29 (29 days), 2 replications"
    assert " ".join(heads.split()) == "history simulated [95 % of plays] the history lies"
    assert first.split()[:3] == ["orders", "a", "day"]
    assert "Does the simulation reproduce the history?" in (out / "fitted.md").read_text("utf-8")


def test_json_is_json_alone(capsys: pytest.CaptureFixture[str], history: Path) -> None:
    """--json prints report and figures as one document, files aside."""
    answer = called(capsys, "import", history, "--json", "--out", history.parent / "shop")

    document = json.loads(answer.out)
    names = {figure["name"]: figure for figure in document["figures"]}
    assert document["report"]["orders"] == 84
    assert names["orders a day"]["key"] == "orders.per_day"
    assert document["reproduction"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("missing.csv",), "missing.csv: found no such file; expected the export of a shop"),
        (("orders.csv", "--month", "2024-02"), "--month says what --validate compares"),
        (("orders.csv", "--validate", "--month", "May"), "expected a month such as 2011-05"),
        (("orders.csv", "--validate", "--month", "2011-05"), "expected days of the history"),
        (("orders.csv", "--scenario", "bsaeline"), "did you mean baseline"),
        (("orders.csv", "--set", "orders.history.columns.sku=x"), "only the columns"),
    ],
)
def test_what_cannot_be_done_is_said(
    capsys: pytest.CaptureFixture[str],
    history: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    told: str,
) -> None:
    """Exit code 2, and a line that says what was found, what is expected, how to mend it."""
    monkeypatch.chdir(history.parent)

    answer = called(capsys, "import", *words)

    assert answer.code == 2
    assert told in answer.err


def test_a_folder_that_cannot_be_made_is_told(
    capsys: pytest.CaptureFixture[str], history: Path
) -> None:
    """A file where a folder should be: no traceback."""
    answer = called(capsys, "import", history, "--out", history / "below")

    assert answer.code == 2
    assert "a folder that cannot be written to" in answer.err


def test_notebooks_get_frames(history: Path) -> None:
    """``fit`` gives the figures and the comparison as frames, and writes the same files."""
    from sim import fit

    fitted = fit(history)
    figures = fitted.figures
    compared = fitted.reproduce("2024-02-01", 29, replications=2)

    assert figures.loc["orders a day", "origin"] == "fitted"
    assert {"real", "mean", "low", "high", "inside"} <= set(compared.columns)
    assert fitted.write(history.parent / "shop").name == "shop.yaml"
    with pytest.raises(ScenarioError, match="no such file"):
        fit(history.parent / "none.csv")
