"""The documents keep pace: links lead somewhere, and commands that they name exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("", "docs", "notebooks", "optimize", "results", "scenarios", "sim", "tests")
MARKDOWN = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SPOKEN_TO = ["README.md", "CONTRIBUTING.md", "docs/development.md"]
GO_COMMANDS = {"test", "check"}


def anchor(heading: str) -> str:
    """Return the anchor that a Markdown page gives to a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {anchor(heading) for heading in headings}


def warelab_commands() -> set[str]:
    """Return the names of all commands, those of entry points included."""
    import click

    from sim.cli import cli

    assert isinstance(cli, click.Group)
    return set(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file of this repository, and a heading in it."""
    dead = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("https:", "mailto:")):
            continue
        file, _, heading = link.partition("#")
        target = page.parent / file if file else page
        if not target.exists() or (heading and heading not in anchors(target)):
            dead.append(link)

    assert dead == []


def test_the_pages_are_found() -> None:
    """The list of pages is not empty by mistake, and every folder of the house has its README."""
    names = {str(page.relative_to(ROOT)) for page in MARKDOWN}

    assert names >= {f"{folder}/README.md".lstrip("/") for folder in FOLDERS if folder != "docs"}


@pytest.mark.parametrize("page", SPOKEN_TO)
def test_named_warelab_commands_exist(page: str) -> None:
    """Every `warelab X`, and every `go.py X` that go.py hands on, is a command."""
    text = (ROOT / page).read_text(encoding="utf-8")

    named = set(re.findall(r"(?:(?:`|run )warelab|go\.py) ([a-z]+)\b", text)) - GO_COMMANDS

    assert sorted(named - warelab_commands()) == []


def test_named_scenarios_exist() -> None:
    """A scenario file that the README names is there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    named = set(re.findall(r"scenarios/[\w-]+\.yaml", text))

    assert named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("page", SPOKEN_TO)
def test_named_groups_exist(page: str) -> None:
    """Every `--group X` is a dependency group."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "dependency-groups"
    ]

    named = set(re.findall(r"--group (\w+)", (ROOT / page).read_text(encoding="utf-8")))

    assert sorted(named - set(groups)) == []


def test_the_readme_has_a_place_for_the_numbers() -> None:
    """The block that is filled with the KPI table is there once, and in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert re.fullmatch(r".*<!-- kpi-table -->.*<!-- /kpi-table -->.*", text, re.DOTALL)
    assert text.count("kpi-table") == 2
