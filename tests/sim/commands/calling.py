"""Calls the command line as a planner does, and keeps what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli import main

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = (sys.executable, "-c", "from sim.cli import main; main()")


class Answer(NamedTuple):
    """Exit code, results, messages."""

    code: int
    out: str
    err: str


def called(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Answer:
    """Run a command inside this process."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    shown = capsys.readouterr()
    return Answer(int(ended.value.code or 0), shown.out, shown.err)


def program_environment(**variables: str) -> dict[str, str]:
    """Return the environment in which a fresh process finds the packages of this checkout."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    joined = os.pathsep.join(path for path in paths if path)
    return {**os.environ, "PYTHONPATH": joined, **variables}


def started(*words: str | Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [*PROGRAM, *(str(word) for word in words)],
        cwd=folder,
        env=program_environment(**variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
