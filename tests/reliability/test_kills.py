"""Kills at random moments, a few of those of ``python -m tests.benchmarks.kills``."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers are found in /proc")
def test_kills_cost_nothing_that_was_kept() -> None:
    """After 30 kills of first processes and workers (seed 1), and 2 pairs at once: no fault."""
    words = ("--kills", "30", "--pairs", "2", "--start", "fork", "--seed", "1")

    ended = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.kills", *words],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.endswith("\n0 faults\n")
