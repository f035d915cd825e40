"""Pin every library once: for pip (two lock files) and for uv (constraints in pyproject.toml).

``requirements.lock`` holds all pins, ``requirements-run.lock`` the part that a run needs, both
with hashes and for every supported Python and system. Needs uv; run ``python3 tools/lock.py``
after a change of dependencies, with ``--upgrade`` to move to the newest versions.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
ALL_LOCK = ROOT / "requirements.lock"
RUN_LOCK = ROOT / "requirements-run.lock"
ALL_GROUPS = ("build", "dev", "notebooks")
RUN_GROUPS = ("build",)

CONSTRAINTS = re.compile(r"^constraint-dependencies = \[.*?\]$", re.MULTILINE | re.DOTALL)


def pins(lock: str) -> list[str]:
    """Return the pins of a lock file, markers kept and hashes dropped, in the file's order."""
    logical_lines = lock.replace("\\\n", " ").splitlines()
    requirements = (line.split("--hash")[0].strip() for line in logical_lines)
    return [line for line in requirements if line and not line.startswith("#")]


def with_constraints(pyproject: str, wanted: list[str]) -> str:
    """Return the text of pyproject.toml with its uv constraints replaced."""
    rows = "".join(f'  "{pin}",\n' for pin in wanted)
    block = f"constraint-dependencies = [\n{rows}]" if wanted else "constraint-dependencies = []"
    changed, count = CONSTRAINTS.subn(lambda _: block, pyproject)
    if count != 1:
        raise SystemExit("pyproject.toml: expected one constraint-dependencies list in [tool.uv]")
    return changed


def compile_lock(folder: Path, target: Path, groups: tuple[str, ...], *options: str) -> None:
    """Let uv solve the project in `folder` for every supported Python into the file `target`."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    chosen = [word for group in groups for word in ("--group", group)]
    solving = ["--universal", "--python-version", "3.11", *options]
    bare = ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"]
    writing = ["--generate-hashes", *bare, "--quiet", "--output-file", str(target)]
    command = [uv, "pip", "compile", "pyproject.toml", *chosen, *solving, *writing]
    subprocess.run(command, cwd=folder, check=True)


def main() -> None:
    """Solve in a scratch folder without today's constraints, then write all three files."""
    parser = argparse.ArgumentParser(description="Pin all libraries for pip and uv.")
    parser.add_argument("--upgrade", action="store_true", help="move to the newest versions")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    pyproject = PYPROJECT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pyproject.toml").write_text(with_constraints(pyproject, []), encoding="utf-8")
        everything, run = folder / ALL_LOCK.name, folder / RUN_LOCK.name
        if ALL_LOCK.exists():
            shutil.copy(ALL_LOCK, everything)  # uv prefers what is already pinned there
        compile_lock(folder, everything, ALL_GROUPS, *upgrade)
        compile_lock(folder, run, RUN_GROUPS, "--constraint", str(everything))
        locked = everything.read_text(encoding="utf-8")
        PYPROJECT.write_text(with_constraints(pyproject, pins(locked)), encoding="utf-8")
        shutil.copy(everything, ALL_LOCK)
        shutil.copy(run, RUN_LOCK)
    print(f"{len(pins(locked))} pins in {ALL_LOCK.name}, {RUN_LOCK.name} and {PYPROJECT.name}")


if __name__ == "__main__":
    main()
