#!/usr/bin/env python3
"""Run warelab from a fresh clone; needs Python 3.11, 3.12 or 3.13 with pip and nothing else.

    python3 go.py run baseline     any warelab command
    python3 go.py test             the tests; --quick leaves the slow ones out
    python3 go.py check            format, lint, types, import contracts, then the tests

The first use makes a virtual environment in .venv-go from the locked, hashed pins; later ones
start at once. WARELAB_VENV names another folder for it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("WARELAB_VENV") or ROOT / ".venv-go").absolute()
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / "warelab-ready.txt"
RUN_LOCK, FULL_LOCK = "requirements-run.lock", "requirements.lock"
CHECKS = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports", "--no-logo"])


def main() -> int:
    """Make the environment that the command needs, then hand over to the command."""
    if not (3, 11) <= sys.version_info < (3, 14):
        found = sys.version.split()[0]
        return complain(f"needs Python 3.11, 3.12 or 3.13, this is {found}; try python3.11 go.py")
    if importlib.util.find_spec("pip") is None:
        return complain("this Python has no pip; `python3 -m ensurepip` or your system brings it")
    command, *words = sys.argv[1:] or ["--help"]
    try:
        make_ready(FULL_LOCK if command in {"test", "check"} else RUN_LOCK)
    except subprocess.CalledProcessError as error:
        return complain(f"pip ended with code {error.returncode} (see above); run this again")
    except KeyboardInterrupt:
        return complain("interrupted; the next use begins anew", 130)
    if command == "check":
        for check in CHECKS:
            say(" ".join(check))
            if code := subprocess.call([BIN / check[0], *check[1:]], cwd=ROOT):
                return complain(f"{check[0]} is not content (see above)", code)
    if command in {"test", "check"}:
        os.chdir(ROOT)
        quick = ["-m", "not slow and not benchmark"] if "--quick" in words else []
        return hand_over("pytest", "-n", "auto", *quick, *(w for w in words if w != "--quick"))
    return hand_over("warelab", command, *words)


def make_ready(lock: str) -> None:
    """Install what `lock` pins, unless the stamp says that this was once done to its end."""
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for name in (RUN_LOCK, FULL_LOCK, "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    state = STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""
    if state in {f"{lock} {digest.hexdigest()}", f"{FULL_LOCK} {digest.hexdigest()}"}:
        return
    if digest.hexdigest() not in state:
        if not STAMP.exists() and VENV.exists() and any(VENV.iterdir()):
            raise SystemExit(complain(f"{VENV} is in the way: move it, or set WARELAB_VENV"))
        say(f"making {VENV} (first use, or the pins have changed)")
        venv.create(VENV, clear=True, with_pip=False)
    STAMP.write_text("unfinished", encoding="utf-8")
    say(f"installing {lock}")
    pip("--require-hashes", "-r", str(ROOT / lock))
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(f"{lock} {digest.hexdigest()}", encoding="utf-8")


def pip(*words: str) -> None:
    """Install into the environment with the pip of this Python; bytecode is made when needed."""
    into = [sys.executable, "-m", "pip", "--python", str(BIN / Path(sys.executable).name)]
    quietly = ["-qq", "--disable-pip-version-check", "--no-compile", "--no-input"]
    subprocess.run([*into, "install", *quietly, *words], check=True, stdout=sys.stderr)


def hand_over(program: str, *words: str) -> int:
    """Become the program; on Windows, wait for it."""
    path = str(BIN / program)
    if os.name != "nt":
        os.execv(path, [path, *words])  # noqa: S606  # no shell is wanted
    return subprocess.call([path, *words])


def say(text: str) -> None:
    """Tell progress on stderr; stdout belongs to the program."""
    print(f"go.py: {text}", file=sys.stderr, flush=True)


def complain(text: str, code: int = 2) -> int:
    """Say what went wrong and return the exit code."""
    say(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
