"""The rooms keep their doors shut, and the command line loads no heavy library before its time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("matplotlib", "numba", "ortools", "pandas", "pyarrow", "scipy", "simpy")


def run_python(*words: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in the checkout."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def modules_after(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after some code."""
    marker = "loaded modules: "
    last = f"import json, sys; print({marker!r} + json.dumps(sorted(sys.modules)), file=sys.stderr)"
    child = run_python("-c", f"{code}\n{last}")
    assert child.returncode == 0, child.stderr
    listed = child.stderr.rsplit(marker, 1)[1]
    return {name.split(".")[0] for name in json.loads(listed)}


def command(*words: str) -> str:
    """Return code that runs a warelab command and demands exit code 0."""
    return (
        "import sys\n"
        f"sys.argv = {['warelab', *words]!r}\n"
        "from sim.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code"
    )


def test_import_contracts_hold() -> None:
    """Every import goes in the direction of docs/design.md, straight or through others."""
    check = (
        "from importlinter.cli import lint_imports as lint; raise SystemExit(lint(no_cache=True))"
    )

    child = run_python("-c", check)

    assert child.returncode == 0, child.stdout + child.stderr


@pytest.mark.parametrize(
    "code",
    ["import sim.cli", command("--help"), command("run", "--help")],
    ids=["import", "--help", "run --help"],
)
def test_help_is_light(code: str) -> None:
    """Help comes without NumPy and without any heavy library."""
    loaded = modules_after(code)

    assert "click" in loaded
    assert sorted(loaded & {*HEAVY, "numpy"}) == []


def test_check_is_light() -> None:
    """A scenario is checked without clock, solver, tables or figures."""
    loaded = modules_after(command("check", "scenarios/baseline.yaml"))

    assert {"pydantic", "ruamel"} <= loaded
    assert sorted(loaded & set(HEAVY)) == []


@pytest.mark.parametrize("package", ["sim", "optimize"])
def test_a_package_is_light(package: str) -> None:
    """Importing a package alone loads nothing heavy: what is needed comes when it is used."""
    loaded = modules_after(f"import {package}")

    assert package in loaded
    assert sorted(loaded & {*HEAVY, "numpy", "pydantic"}) == []
