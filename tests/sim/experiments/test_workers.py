"""Worker processes that die: nothing is lost, and the guilty replication is named."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from sim.engine.setting import Setting, prepare
from sim.errors import BalanceError, WorkerDied
from sim.experiments import workers
from sim.experiments.replication import Outcome, play_replication
from tests.sim.experiments.small import small


@dataclass(frozen=True)
class Deadly(Setting):
    """A setting in which playing some replications ends the process.

    Parameters
    ----------
    deaths
        How many times each replication ends its process; others never do.
    notes
        Folder with one file for each attempt.
    """

    deaths: Mapping[int, int]
    notes: Path


def work(replication: int, keep_orders: bool) -> Outcome:
    """Play a replication, or die as the setting says; runs in the worker."""
    setting = workers._setting.get()
    assert isinstance(setting, Deadly)
    if replication < 0:
        raise BalanceError(f"replication {replication}")
    attempt = len(attempts(setting.notes, replication)) + 1
    (setting.notes / f"{replication}.{attempt}").touch(exist_ok=False)
    if attempt <= setting.deaths.get(replication, 0):
        os.kill(os.getpid(), signal.SIGKILL)
    return play_replication(setting, replication, keep_orders=keep_orders)


def attempts(notes: Path, replication: int) -> list[Path]:
    """Return the notes of the attempts at a replication."""
    return sorted(notes.glob(f"{replication}.*"))


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deadly:
    """A setting in which nobody dies yet; the workers play by :func:`work`."""
    monkeypatch.setattr(workers, "_work", work)
    loaded = small(tmp_path)
    setting = prepare(loaded.scenario, loaded.external_files)
    notes = tmp_path / "notes"
    notes.mkdir()
    values = {field.name: getattr(setting, field.name) for field in fields(setting)}
    return Deadly(**values, deaths={}, notes=notes)


def dying(setting: Deadly, deaths: Mapping[int, int]) -> Deadly:
    """Return the setting with deaths."""
    values = {field.name: getattr(setting, field.name) for field in fields(setting)}
    return Deadly(**{**values, "deaths": dict(deaths)})


def test_a_worker_killed_once_loses_nothing(deadly: Deadly) -> None:
    """After a kill every replication is there, each with the numbers of an undisturbed run."""
    setting = dying(deadly, {1: 1})
    played = workers.outcomes(setting, range(4), jobs=2)
    assert [outcome.replication for outcome in played] == [0, 1, 2, 3]
    assert len(attempts(deadly.notes, 1)) == 2
    undisturbed = [play_replication(deadly, number).digest for number in range(4)]
    assert [outcome.digest for outcome in played] == undisturbed


def test_the_guilty_replication_is_named(deadly: Deadly) -> None:
    """A replication that kills its worker three times ends the run under its own number."""
    with pytest.raises(WorkerDied, match=r"^replication 3: its process ended 3 times"):
        workers.outcomes(dying(deadly, {3: 99}), range(5), jobs=2)
    assert len(attempts(deadly.notes, 3)) == 3


def test_deaths_of_others_are_not_counted(deadly: Deadly) -> None:
    """Four replications that each kill their worker once do not add up to a guilty one."""
    played = workers.outcomes(dying(deadly, dict.fromkeys(range(4), 1)), range(4), jobs=2)
    assert [outcome.replication for outcome in played] == [0, 1, 2, 3]


def test_an_error_in_a_worker_is_the_callers(deadly: Deadly) -> None:
    """An error of the model comes out as it is, and no further process is tried."""
    with pytest.raises(BalanceError, match=r"^replication -1$"):
        workers.outcomes(deadly, [-1, 0], jobs=2)


def test_each_outcome_is_told_once(deadly: Deadly) -> None:
    """``done`` hears of every replication exactly once, deaths or not."""
    heard: list[int] = []
    workers.outcomes(
        dying(deadly, {0: 1}), range(3), jobs=2, done=lambda o: heard.append(o.replication)
    )
    assert sorted(heard) == [0, 1, 2]


def test_rows_of_orders_are_kept_for_one_replication(deadly: Deadly) -> None:
    """Only the replication asked for carries a row for each order."""
    played = workers.outcomes(deadly, [0, 1], jobs=1, keep_orders_of=1)
    assert [outcome.orders is not None for outcome in played] == [False, True]
    assert workers.outcomes(deadly, [0], keep_orders_of=None)[0].orders is None


def test_progress_rises_to_the_end(deadly: Deadly) -> None:
    """In one process the share of simulated time is told, never falling, between 0 and 1."""
    shares: list[tuple[int, float]] = []
    workers.outcomes(deadly, [0, 1], progress=lambda number, share: shares.append((number, share)))
    assert shares == sorted(shares)
    assert {number for number, _ in shares} == {0, 1}
    assert all(0.0 <= share <= 1.0 for _, share in shares)
