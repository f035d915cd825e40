"""``warelab run``: what it says, where it says it, how it ends, and what it leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.kpis import KPIS
from sim.kpis.headline import HEADLINE
from tests.sim.commands.calling import called, started
from tests.sim.experiments.small import small_file

BAD_FILES = {
    "unknown key": "orders: {per_dya: 40}\n",
    "wrong type": "orders: {per_day: many}\n",
    "no yaml": "orders: {per_day: 40\n",
    "a file that is not there": "items: {file: nothing.csv}\n",
}


def left_in(results: Path) -> list[Path]:
    """Return everything below a results folder, hidden things included."""
    return sorted(results.rglob("*")) if results.exists() else []


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The small scenario's file."""
    return small_file(tmp_path)


def test_the_table_is_on_stdout_and_messages_are_on_stderr(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stdout holds heading, KPI table, balance, folder and targets, stderr one message."""
    results = tmp_path / "results"
    answer = called(
        capsys, "run", scenario, "--results", results, "--jobs", "1", "--no-report", "--seed", "7"
    )
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith("small   2 replications x 2 days after 1 days warm-up   seed 7   ")
    assert lines[2].split() == ["KPI", "unit", "mean", "95", "%", "interval", "target"]
    targets = ("order_lead_time_p95_h",)
    names = (*HEADLINE, *(name for name in targets if name not in HEADLINE))
    table = lines[3 : 3 + len(names)]
    for name, row in zip(names, table, strict=True):
        assert row.startswith(KPIS[name].title)
    rest = lines[3 + len(names) :]
    assert rest[0] == ""
    assert rest[1].startswith("balance: ")
    folders = list((results / "small").iterdir())
    assert rest[2].startswith("stability: too short to tell whether the house keeps up")
    assert rest[3:] == [f"folder  {folders[0]}", "all 1 targets met"]
    assert answer.err == "writing the run folder\n"


def test_quiet_says_nothing_but_results(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With -q stderr stays empty, and with --json stdout is the document of kpis.json."""
    results = tmp_path / "results"
    answer = called(capsys, "run", scenario, "-q", "--json", "--jobs", "1", "--results", results)
    assert answer.code == 0
    assert answer.err == ""
    (file,) = results.glob("small/*/kpis.json")
    assert json.loads(answer.out) == json.loads(file.read_text(encoding="utf-8"))


def test_all_shows_every_kpi(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--all prints one row for each KPI there is."""
    answer = called(
        capsys, "run", scenario, "--all", "--no-report", "--jobs", "1", "--results", tmp_path / "r"
    )
    rows = answer.out.split("\n\n")[1].splitlines()[1:]
    assert len(rows) == len(KPIS)
    for title, row in zip((kpi.title for kpi in KPIS.values()), rows, strict=True):
        assert row.startswith(title)


@pytest.mark.parametrize(
    ("bound", "verdict"),
    [("at_most: 0.001", "missed"), ("at_least: 100000", "missed")],
)
def test_a_missed_target_gives_exit_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bound: str, verdict: str
) -> None:
    """A missed target ends with 3, and the finished run is kept all the same."""
    scenario = small_file(tmp_path)
    setting = f"targets.order_lead_time_p95_h={{{bound}}}"
    results = tmp_path / "results"
    answer = called(
        capsys, "run", scenario, "--set", setting, "--results", results, "--jobs", "1",
        "--no-report",
    )  # fmt: skip
    assert answer.code == 3
    assert answer.out.endswith("1 of 1 targets missed\n")
    (file,) = results.glob("small/*/kpis.json")
    targets = json.loads(file.read_text(encoding="utf-8"))["targets"]
    assert [target["verdict"] for target in targets] == [verdict]


def test_a_target_on_an_undefined_kpi_is_not_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A target whose KPI is undefined ends with 3: nobody knows that it is met."""
    scenario = small_file(tmp_path)
    answer = called(
        capsys, "run", scenario, "-q", "--set", "orders.per_day=0.001", "--replications", "1",
        "--json", "--no-report", "--results", tmp_path / "results",
    )  # fmt: skip
    document = json.loads(answer.out)
    assert document["kpis"]["order_lead_time_p95_h"]["mean"] is None
    assert [target["verdict"] for target in document["targets"]] == ["unknown"]
    assert answer.code == 3


@pytest.mark.parametrize("words", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_gives_exit_code_2_and_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    """A bad file ends with 2 and its place on stderr: no traceback, no table, no folder."""
    scenario = small_file(tmp_path)
    text = "".join(
        line
        for line in scenario.read_text(encoding="utf-8").splitlines(keepends=True)
        if not line.startswith(words.split(":", maxsplit=1)[0])
    )
    scenario.write_text(text + words, encoding="utf-8")
    answer = called(capsys, "run", scenario, "--results", tmp_path / "results")
    assert answer.code == 2
    assert answer.out == ""
    assert f"{scenario}:" in answer.err
    assert "Traceback" not in answer.err
    assert left_in(tmp_path / "results") == []


def test_a_bad_command_gives_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command or option ends with 2 and a hint, on stderr only."""
    answer = called(capsys, "rnu", "baseline")
    assert answer[:2] == (2, "")
    assert "Did you mean 'run'?" in answer.err
    answer = called(capsys, "run", "baseline", "--replications", "0")
    assert answer[:2] == (2, "")
    assert "--replications" in answer.err


def test_a_data_file_with_defects_gives_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A defective order history is said line by line before anything is played or written."""
    (tmp_path / "orders.csv").write_text("order_id,order_ts,sku,qty\n1,yesterday,A,1\n")
    scenario = small_file(tmp_path)
    text = scenario.read_text(encoding="utf-8")
    text = text.replace("orders: {per_day: 40}", "orders: {source: history, file: orders.csv}")
    scenario.write_text(text, encoding="utf-8")
    answer = called(capsys, "run", scenario, "--results", tmp_path / "results")
    assert answer.code == 2
    assert answer.out == ""
    assert "orders.csv:2:" in answer.err
    assert left_in(tmp_path / "results") == []


def test_results_that_cannot_be_written_are_said(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in the place of the run's folder ends with 2 and a message, not with a traceback."""
    results = tmp_path / "results"
    results.mkdir()
    (results / "small").write_text("I was here first\n", encoding="utf-8")
    answer = called(
        capsys, "run", scenario, "-q", "--no-report", "--jobs", "1", "--results", results
    )
    assert answer.code == 2
    assert "cannot be written" in answer.err
    assert (results / "small").read_text(encoding="utf-8") == "I was here first\n"


def test_a_run_folder_holds_what_the_design_names(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --events a run folder holds eight files and nothing else, the report without network."""
    results = tmp_path / "results"
    answer = called(capsys, "run", scenario, "-q", "--events", "--jobs", "1", "--results", results)
    assert answer.code == 0
    (folder,) = (results / "small").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "cohorts.csv",
        "events.parquet",
        "kpis.json",
        "manifest.json",
        "orders.parquet",
        "replications.csv",
        "report.html",
        "scenario.yaml",
    ]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert 'src="http' not in page


def test_a_failing_report_leaves_no_folder(
    scenario: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If the report fails, the files written before it go away; replications are kept."""

    def fail(*_: object) -> None:
        raise RuntimeError("the ink is out")

    monkeypatch.setattr("sim.commands.run.write_html", fail)
    results = tmp_path / "results"
    with pytest.raises(RuntimeError, match="the ink is out"):
        called(capsys, "run", scenario, "-q", "--jobs", "1", "--results", results)
    (store,) = (path for path in left_in(results) if not path.is_dir())
    assert store.parent == results / ".replications"
    assert list(results.glob("small/*")) == []


def test_the_same_bytes_under_two_hash_seeds(scenario: Path, tmp_path: Path) -> None:
    """The order of sets and hashes changes no byte of any file of a run."""
    folders = []
    for seed in ("1", "4711"):
        results = tmp_path / seed
        answer = started(
            "run", scenario, "-q", "--events", "--jobs", "1", "--results", results,
            folder=tmp_path, PYTHONHASHSEED=seed,
        )  # fmt: skip
        assert (answer.returncode, answer.stderr) == (0, "")
        (folder,) = (results / "small").iterdir()
        folders.append(folder)
    assert folders[0].name == folders[1].name
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == sorted(path.name for path in folders[1].iterdir())
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_one_replication_alone_has_its_numbers_of_the_batch(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--replication 2 writes exactly the rows that replication 2 has among four."""
    rows = {}
    for name, words in {"all": ("--replications", "4"), "alone": ("--replication", "2")}.items():
        results = tmp_path / name
        called(
            capsys, "run", scenario, "-q", "--no-report", "--jobs", "1", "--results", results,
            *words,
        )  # fmt: skip
        (file,) = results.glob("small/*/replications.csv")
        lines = file.read_text(encoding="utf-8").splitlines()
        rows[name] = [line for line in lines if line.startswith("2,")]
    assert len(rows["alone"]) == len(KPIS)
    assert rows["alone"] == rows["all"]
