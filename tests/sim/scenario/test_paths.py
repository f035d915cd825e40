"""The one door to other files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.scenario.paths import (
    PathRefused,
    bundled_scenarios,
    is_bundled_name,
    read_limited,
    resolved_file,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file, a sub-folder, and links that lead in, out and in circles."""
    house = tmp_path / "house"
    (house / "tables").mkdir(parents=True)
    (house / "skus.csv").write_text("sku\n")
    (house / "tables" / "more.csv").write_text("sku\n")
    (tmp_path / "secret.csv").write_text("secret\n")
    (house / "inside.csv").symlink_to("skus.csv")
    (house / "outside.csv").symlink_to(tmp_path / "secret.csv")
    (house / "loop.csv").symlink_to("loop.csv")
    (house / "up").symlink_to(tmp_path)
    os.mkfifo(house / "pipe.csv")
    return house


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("skus.csv", "skus.csv"),
        ("./skus.csv", "skus.csv"),
        ("tables/more.csv", "tables/more.csv"),
        ("tables/../skus.csv", "skus.csv"),
        ("inside.csv", "skus.csv"),
    ],
)
def test_a_file_inside_the_folder_is_found(folder: Path, written: str, meant: str) -> None:
    """Links are followed to the real file."""
    assert resolved_file(written, folder) == (folder / meant).resolve()


@pytest.mark.parametrize(
    "written",
    [
        "../secret.csv",
        "tables/../../secret.csv",
        "outside.csv",
        "up/secret.csv",
        "/etc/hostname",
        "~/x.csv",
        "C:/x.csv",
        "tables\\more.csv",
        "http://example.org/x.csv",
        "file:///etc/hostname",
        "loop.csv",
        "pipe.csv",
        "tables",
        ".",
        "",
        " ",
        "a\0b",
        "nix.csv",
        "skus.csv/x",
        "x" * 5000,
    ],
)
def test_what_is_not_a_regular_file_inside_is_refused(folder: Path, written: str) -> None:
    """Neither a link, a pipe, a folder, an address nor a long name gets through."""
    with pytest.raises(PathRefused) as refused:
        resolved_file(written, folder)

    assert refused.value.found.startswith("found")
    assert refused.value.expected.startswith("expected")


def test_a_refused_path_never_tells_whether_a_file_outside_exists(folder: Path) -> None:
    """The answer is the same for a file that exists and one that does not."""
    answers = []
    for written in ("../secret.csv", "../absent.csv"):
        with pytest.raises(PathRefused) as refused:
            resolved_file(written, folder)
        answers.append(refused.value.expected)

    assert answers[0] == answers[1]


def test_a_typed_path_may_lie_anywhere_but_is_a_regular_file(folder: Path) -> None:
    """The user's own word opens any file, yet no pipe and no device."""
    assert resolved_file(str(folder.parent / "secret.csv"), None).name == "secret.csv"
    for path in (str(folder / "pipe.csv"), str(folder), "/dev/zero"):
        with pytest.raises(PathRefused):
            resolved_file(path, None)


def test_a_missing_file_suggests_a_near_one(folder: Path) -> None:
    """A slip of the finger is named."""
    with pytest.raises(PathRefused) as refused:
        resolved_file("skuss.csv", folder)

    assert refused.value.hint == "did you mean 'skus.csv'"


def test_reading_stops_one_byte_after_the_limit(folder: Path) -> None:
    """A file of any length costs no more memory than the limit."""
    assert read_limited(folder / "skus.csv", 2) == b"sku"


def test_a_bundled_scenario_is_named_without_folder_and_suffix() -> None:
    """Its name is the name of its file."""
    assert all(is_bundled_name(name) for name in bundled_scenarios())
    assert all(path.is_file() for path in bundled_scenarios().values())
