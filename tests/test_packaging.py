"""What is installed is this project, and every way to install it gets the same pins."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tools import lock

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    """The parsed pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def hashes_of(text: str) -> dict[str, set[str]]:
    """Map each pin of a lock file to its hashes."""
    found: dict[str, set[str]] = {}
    for line in text.replace("\\\n", " ").splitlines():
        pin, *hashes = line.split("--hash=")
        found[pin.strip()] = {value.strip() for value in hashes}
    return found


def test_an_empty_folder_finds_our_packages_and_no_foreign_ones(tmp_path: Path) -> None:
    """A child interpreter started in an empty folder imports `sim` and `optimize` of this project.

    Both names are short. Another distribution may ship one of them, and inside pytest the checkout
    would win and hide that.
    """
    probe = (
        "import importlib.metadata as m, json, optimize, sim\n"
        "files = [str(f.locate()) for f in m.files('warelab') or []]\n"
        "print(json.dumps([sim.__file__, optimize.__file__, files]))"
    )

    child = subprocess.run(
        [sys.executable, "-I", "-c", probe],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    hint = "not installed in this Python? pip install --no-deps -e ."
    assert child.returncode == 0, f"{hint}\n{child.stderr}"
    sim_file, optimize_file, installed = json.loads(child.stdout)
    for name, found in (("sim", sim_file), ("optimize", optimize_file)):
        in_checkout = Path(found).resolve() == ROOT / name / "__init__.py"
        assert in_checkout or found in installed, f"{found} is not ours; {hint}"


def test_both_packages_tell_checkers_that_they_are_typed() -> None:
    """`py.typed` lies in both packages."""
    for package in ("sim", "optimize"):
        assert (ROOT / package / "py.typed").is_file(), package


def test_uv_constraints_are_the_locked_pins(pyproject: dict[str, Any]) -> None:
    """With uv come the same versions as with pip: constraints and requirements.lock are equal."""
    locked = lock.pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))

    constraints = pyproject["tool"]["uv"]["constraint-dependencies"]

    assert len(locked) > len(pyproject["project"]["dependencies"])
    assert constraints == locked


def test_a_run_gets_a_part_of_the_full_lock() -> None:
    """Each pin of requirements-run.lock stands in requirements.lock with the same hashes."""
    everything = hashes_of((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    run = hashes_of((ROOT / "requirements-run.lock").read_text(encoding="utf-8"))

    assert 0 < len(run) < len(everything)
    assert {pin: everything.get(pin) for pin in run} == run


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-run.lock"])
def test_a_lock_has_hashes_and_names_no_host(name: str) -> None:
    """Every pin has a SHA-256, is exact, and no line names where to fetch from."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert not re.search(r"https?|index-url|find-links", text)
    for pin, hashes in hashes_of(text).items():
        assert re.fullmatch(r"[a-z0-9-]+==[^ ;]+( ; .+)?", pin), pin
        assert hashes, f"{pin} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), pin


@pytest.mark.parametrize(
    ("name", "groups"),
    [("requirements.lock", lock.ALL_GROUPS), ("requirements-run.lock", lock.RUN_GROUPS)],
)
def test_a_lock_pins_every_declared_dependency(
    name: str, groups: tuple[str, ...], pyproject: dict[str, Any]
) -> None:
    """A dependency that was added to pyproject.toml is in the lock: nobody forgot tools/lock.py."""
    declared = list(pyproject["project"]["dependencies"])
    for group in groups:
        declared += pyproject["dependency-groups"][group]
    text = (ROOT / name).read_text(encoding="utf-8")

    names = {re.split(r"[<>=!~;\[ ]", word)[0].lower().replace(".", "-") for word in declared}
    locked = {pin.split("==")[0] for pin in lock.pins(text)}

    assert sorted(names - locked) == []


def test_the_extra_dev_is_the_group_dev(pyproject: dict[str, Any]) -> None:
    """`pip install -e .[dev]` and `uv sync --group dev` ask for the same tools."""
    extra = pyproject["project"]["optional-dependencies"]["dev"]

    assert extra == pyproject["dependency-groups"]["dev"]


def test_one_version(pyproject: dict[str, Any]) -> None:
    """The installed version, pyproject.toml and the newest changelog entry are the same."""
    version = pyproject["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)

    assert importlib.metadata.version("warelab") == version
    assert released[0] == version


def test_every_entry_point_leads_to_something() -> None:
    """The command, the added commands and the added policies can be loaded."""
    ours = importlib.metadata.distribution("warelab").entry_points

    assert {e.group for e in ours} == {"console_scripts", "warelab.commands", "warelab.policies"}
    for entry in ours:
        assert callable(entry.load()), entry
