"""The store of replications: what is kept stays whole, come what may to file, disk or process."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.engine.setting import prepare
from sim.errors import StoreError
from sim.experiments.outcome_bytes import to_bytes
from sim.experiments.replication import Outcome, play_replication
from sim.experiments.store import Store
from tests.sim.commands.calling import program_environment
from tests.sim.experiments.small import small

ABOUT = {"scenario": "small", "numpy": "2"}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Four replications, the first with a row for each order."""
    loaded = small(tmp_path_factory.mktemp("small"), "orders.per_day=10")
    setting = prepare(loaded.scenario, loaded.external_files)
    return [play_replication(setting, one, keep_orders=one == 0) for one in range(4)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A place for a store, in a folder that is not there yet."""
    return tmp_path / "results" / ".replications" / "small.sqlite"


def filled(path: Path, outcomes: list[Outcome]) -> None:
    """Keep outcomes in a new store."""
    with Store(path, ABOUT) as store:
        for outcome in outcomes:
            store.add(outcome)


def test_what_is_kept_is_read_back_exactly(path: Path, outcomes: list[Outcome]) -> None:
    """Opened again, a store has every replication to the last byte, and no more."""
    filled(path, outcomes)

    with Store(path, ABOUT) as store:
        found = store.read(range(6), orders_of=0)
        assert store.missing(range(6), 0) == [4, 5]

    assert [to_bytes(found[number]) for number in sorted(found)] == [to_bytes(o) for o in outcomes]
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_rows_of_orders_are_given_only_where_wanted(path: Path, outcomes: list[Outcome]) -> None:
    """Where they are wanted but not kept the replication has to be played, elsewhere they go."""
    filled(path, outcomes)

    with Store(path, ABOUT) as store:
        found = store.read([0, 1], orders_of=1)
        assert store.missing([0, 1], 1) == [1]

    assert list(found) == [0]
    assert found[0].orders is None


def test_a_store_with_nothing_in_it_goes_away(path: Path) -> None:
    """Neither the file nor the folders made for it stay; a folder that was there does."""
    path.parent.parent.mkdir()

    with Store(path, ABOUT):
        assert path.exists()

    assert list(path.parent.parent.parent.iterdir()) == [path.parent.parent]
    assert list(path.parent.parent.iterdir()) == []


def test_a_store_of_something_else_is_refused(path: Path, outcomes: list[Outcome]) -> None:
    """The parts that differ are named."""
    filled(path, outcomes[:1])

    with pytest.raises(StoreError, match=r"small\.sqlite keeps .* something else: other numpy$"):
        Store(path, {**ABOUT, "numpy": "3"})


def test_a_wrong_checksum_is_said_and_not_used(path: Path, outcomes: list[Outcome]) -> None:
    """A row that was changed by hand is left out with a word; kept anew it is there again."""
    filled(path, outcomes)
    file = sqlite3.connect(path)
    with file:
        file.execute("UPDATE replications SET outcome = X'00' WHERE replication = 2")
        file.execute("UPDATE replications SET orders = 1 WHERE replication = 3")
    file.close()
    said: list[str] = []

    with Store(path, ABOUT, say=said.append) as store:
        assert list(store.read(range(4))) == [0, 1]
        store.add(outcomes[2])
        assert list(store.read([2])) == [2]

    assert len(said) == 2
    assert f"{path}: replication 2 is damaged (wrong checksum)" in said[0]


def test_damage_is_never_taken_for_a_result(path: Path, outcomes: list[Outcome]) -> None:
    """After bit flips and cuts at 40 places (seed 5) what is read is right or is not read."""
    filled(path, outcomes)
    whole = path.read_bytes()
    luck = np.random.Generator(np.random.Philox(5))
    right = [outcome.digest for outcome in outcomes]
    lost = 0
    for turn in range(40):
        content = bytearray(whole)
        place = int(luck.integers(len(content)))
        if turn % 4 == 0:
            del content[place:]
        else:
            content[place] ^= 1 << int(luck.integers(8))
        for old in path.parent.iterdir():
            old.unlink()
        path.write_bytes(content)

        try:
            with Store(path, ABOUT) as store:
                found = store.read(range(4))
                for outcome in outcomes:
                    store.add(outcome)
                assert not store.missing(range(4))
        except StoreError:
            found = {}  # damaged where it says what it is about
        lost += 4 - len(found)
        assert [found[number].digest for number in sorted(found)] == [
            right[number] for number in sorted(found)
        ]

    assert 0 < lost < 160


def test_a_file_that_is_no_store_stands_aside(path: Path, outcomes: list[Outcome]) -> None:
    """Something else under the name is kept under another one, and said."""
    path.parent.mkdir(parents=True)
    path.write_bytes(b"I was here first\n" * 100)
    said: list[str] = []

    with Store(path, ABOUT, say=said.append) as store:
        store.add(outcomes[0])

    assert [line for line in said if f"{path} is damaged" in line]
    assert (path.parent / "small.sqlite.damaged").read_bytes().startswith(b"I was here first")


def test_a_full_disk_loses_nothing_that_was_kept(path: Path, outcomes: list[Outcome]) -> None:
    """What no longer fits is refused with path and mend; with room again the store goes on."""
    with Store(path, ABOUT) as store:
        store.add(outcomes[0])
        (pages,) = store._file.execute("PRAGMA page_count").fetchone()
        store._file.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match=r"small\.sqlite: .*full.* free .*make room"):
            store.add(outcomes[1])
        store._file.execute("PRAGMA max_page_count = 100000")
        store.add(outcomes[2])

    with Store(path, ABOUT) as store:
        found = store.read(range(4))
    assert list(found) == [0, 2]
    assert found[2].digest == outcomes[2].digest


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    """Where no store can be made the message names the place and ways out."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")

    with pytest.raises(StoreError, match=r"cannot be written: .*file.*--results.*--no-cache"):
        Store(tmp_path / "file" / "small.sqlite", ABOUT)


def test_two_stores_come_together(path: Path, outcomes: list[Outcome]) -> None:
    """Each replication is there once, with its orders; other numbers under its name are refused."""
    other = path.with_name("other.sqlite")
    filled(path, [replace(outcomes[0], orders=None), outcomes[1]])
    filled(other, [outcomes[0], outcomes[1], outcomes[2]])

    with Store(path, ABOUT) as store, Store(other, ABOUT) as source:
        store.take_from(source)
        assert store.numbers() == {0: True, 1: False, 2: False}
        source.add(replace(outcomes[2], kpis={**outcomes[2].kpis, "walk_m_per_line": 1.0}))
        with pytest.raises(StoreError, match=r"other\.sqlite: replication 2 has other numbers"):
            store.take_from(source)


HOLDER = """\
import os, sys
from pathlib import Path
from sim.experiments.store import Store
store = Store(Path(sys.argv[1]), {"scenario": "small", "numpy": "2"})
print("held", flush=True)
sys.stdin.read()
"""


def test_a_store_is_held_by_one_process_and_free_when_it_is_killed(
    path: Path, outcomes: list[Outcome]
) -> None:
    """Another one is refused or waits, and says so; after SIGKILL it goes on at once."""
    filled(path, outcomes[:2])
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        env=program_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    said: list[str] = []

    def kill_when_told(line: str) -> None:
        said.append(line)
        holder.send_signal(signal.SIGKILL)

    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match="is held by a run that is going on"):
            Store(path, ABOUT, wait=False)
        with Store(path, ABOUT, say=kill_when_told) as store:
            assert list(store.read(range(4))) == [0, 1]
    assert said == [f"another run is keeping its replications in {path}: waiting"]


KILLED_AT = """\
import os, signal, sys
from pathlib import Path
from sim.experiments.outcome_bytes import from_bytes
from sim.experiments.store import Store
path, point = Path(sys.argv[1]), sys.argv[2]
store = Store(path, {"scenario": "small", "numpy": "2"})
def at(statement):
    if statement.startswith(point):
        os.kill(os.getpid(), signal.SIGKILL)
store._file.set_trace_callback(at)
store.add(from_bytes(Path(sys.argv[3]).read_bytes()))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("point", "kept"), [("INSERT", 1), ("COMMIT", 1), ("never", 2)])
def test_killed_at_named_points(
    path: Path, outcomes: list[Outcome], tmp_path: Path, point: str, kept: int
) -> None:
    """A replication is kept when ``add`` has returned, and not at all before its commit."""
    filled(path, outcomes[:1])
    (tmp_path / "outcome").write_bytes(to_bytes(outcomes[1]))

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT, str(path), point, str(tmp_path / "outcome")],
        env=program_environment(), check=False,
    )  # fmt: skip

    assert killed.returncode == -signal.SIGKILL
    with Store(path, ABOUT) as store:
        assert list(store.read(range(4))) == list(range(kept))
