"""Same scenario, same seed, same library versions: same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.model import play
from sim.engine.setting import Setting, prepare
from sim.log.event_log import Chunk
from tests.sim.engine.playing import Record, book_of, record, scenario_of, whole_minutes

BUSY: dict[str, Any] = {
    "orders": {
        "per_day": 150.0,
        "channels": {"web": {"share": 0.7}, "phone": {"share": 0.3, "entry": "manual"}},
    },
    "run": {"warm_up_days": 0.0, "horizon_days": 3.0, "cool_down_days": 0.0, "seed": 12},
    "items": {"count": 60},
    "stock": {"service_level": 0.3, "order_days": 2.0},
    "picking": {"batching": "nearest_aisles", "error_rate_per_line": 0.05},
    "people": {
        "at_shift_end": "hand_over",
        "cross_training": {"packers": ["pickers"], "pickers": ["packers"]},
    },
}

DIGEST = """
import sys
from tests.properties.test_same_bytes import BUSY, played
from tests.sim.engine.playing import scenario_of
import hashlib
digests = [hashlib.sha256(played(ties).bytes).hexdigest() for ties in (False, True)]
sys.stdout.write(" ".join(digests))
"""


def played(ties: bool, replication: int = 1) -> Record:
    """Play the busy house, with all times in whole minutes if asked for."""
    setting = prepare(scenario_of(**BUSY), {})
    book = book_of(setting, replication)
    return record(
        setting.scenario, replication, setting=setting, book=whole_minutes(book) if ties else book
    )


def test_whole_minutes_make_ties() -> None:
    """The variant with ties is worth its name: many facts share their moment."""
    log = played(ties=True).log

    times, orders = np.unique(log.time_s[np.isin(log.fact, [1, 5, 9])], return_counts=True)
    assert np.all(times % 60.0 == 0.0)
    assert orders.max() >= 6


@pytest.mark.parametrize("ties", [False, True])
def test_twice_gives_the_same_bytes(ties: bool) -> None:
    """Two runs in one process leave equal logs."""
    assert played(ties).bytes == played(ties).bytes


def test_replication_does_not_depend_on_what_was_played_before() -> None:
    """Replication 1 alone equals replication 1 after replications 2 and 0."""
    alone = played(ties=False)

    for other in (2, 0):
        assert played(ties=False, replication=other).bytes != alone.bytes

    assert played(ties=False).bytes == alone.bytes


def test_setting_is_not_worn_out() -> None:
    """A setting serves any number of replications: the second play of one is the first again."""
    setting = prepare(scenario_of(**BUSY), {})

    first = record(setting.scenario, setting=setting).bytes
    record(setting.scenario, 1, setting=setting)

    assert record(setting.scenario, setting=setting).bytes == first


def test_order_book_is_not_worn_out() -> None:
    """Playing a book changes none of its columns."""
    setting = prepare(scenario_of(**BUSY), {})
    book = book_of(setting)
    before = _digest(setting)

    record(setting.scenario, setting=setting, book=book)

    columns = [*vars(book.demand).values(), *vars(book.luck).values()]
    after = hashlib.sha256(b"".join(c.tobytes() for c in columns if isinstance(c, np.ndarray)))
    assert after.hexdigest() == before


def _digest(setting: Setting) -> str:
    book = book_of(setting)
    columns = [*vars(book.demand).values(), *vars(book.luck).values()]
    return hashlib.sha256(
        b"".join(c.tobytes() for c in columns if isinstance(c, np.ndarray))
    ).hexdigest()


def test_log_does_not_depend_on_the_size_of_its_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a hundred facts, joined, are the log in one piece."""
    whole = played(ties=False)
    monkeypatch.setattr("sim.log.event_log.CHUNK_FACTS", 100)
    chunks: list[Chunk] = []

    play(whole.setting, 1, [chunks.append])

    assert len(chunks) > 2
    for name in Chunk._fields:
        pieces = np.concatenate([getattr(chunk, name) for chunk in chunks])
        assert np.array_equal(pieces, getattr(whole.log, name))


def test_progress_does_not_change_the_log() -> None:
    """A bar that is told how far the clock is sees it grow to 1, and leaves the log as it is."""
    quiet = played(ties=False)
    shares: list[float] = []
    chunks: list[Chunk] = []

    play(quiet.setting, 1, [chunks.append], progress=shares.append)

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert b"".join(c.fact.tobytes() for c in chunks) == quiet.log.fact.tobytes()
    assert b"".join(c.time_s.tobytes() for c in chunks) == quiet.log.time_s.tobytes()


@pytest.mark.slow
def test_other_hash_seeds_give_the_same_bytes() -> None:
    """Python's hash seed, which changes the order of sets of texts, changes no byte of a log."""
    root = Path(__file__).resolve().parents[2]
    digests = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            cwd=root,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]

    here = [hashlib.sha256(played(ties).bytes).hexdigest() for ties in (False, True)]
    assert digests == [" ".join(here)] * 2
