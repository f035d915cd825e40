"""Ctrl-C at random moments, a few of those of ``python -m tests.benchmarks.interrupts``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")
def test_ctrl_c_ends_a_run_and_loses_nothing(tmp_path: Path) -> None:
    """Five times (seed 1): exit code 130 within 5 s, no process left, the resumed run the same."""
    from tests.benchmarks.interrupts import disturb

    tally = disturb(tmp_path, 5, 1)

    assert tally.faults == []
    assert tally.codes == {130: 5}
