"""Ctrl-C in the middle of a run over several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sim.commands.calling import PROGRAM, program_environment
from tests.sim.experiments.small import small_file

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="process groups are read from /proc"
)
AT_WORK_S = 30.0
END_S = 5.0


def group(leader: int) -> list[int]:
    """Return the living processes of a group, zombies left out."""
    members = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            members.append(int(folder.name))
    return members


@pytest.mark.parametrize("whom", ["the whole group", "the first process alone"])
def test_ctrl_c_ends_everything(tmp_path: Path, whom: str) -> None:
    """Ctrl-C ends with 130, no traceback, no process left over, nothing written.

    Each replication would take longer than the seconds that the end may take.
    """
    run = subprocess.Popen(
        [*PROGRAM, "run", str(small_file(tmp_path)), "--jobs", "2", "--replications", "4",
         "--set", "orders.per_day=10000", "--set", "run.horizon_days=100",
         "--results", str(tmp_path / "results")],
        cwd=tmp_path, env=program_environment(), start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + AT_WORK_S
        while len(group(run.pid)) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(group(run.pid)) >= 3, "both workers have started"
        if whom == "the whole group":
            os.killpg(run.pid, signal.SIGINT)
        else:
            run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=END_S)
        deadline = time.monotonic() + END_S
        while group(run.pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert group(run.pid) == []
    finally:
        if group(run.pid):
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    assert run.returncode == 130
    assert out == ""
    said = [line for line in err.split("\n") if line.strip() and not line.startswith("note: ")]
    assert said == ["interrupted"]
    assert not (tmp_path / "results").exists()
