"""The pages that repeat what the code says are fresh, and say something of everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.kpis import KPIS
from tools.make_docs import PAGES

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fresh(name: str) -> None:
    """The page in the repository is the one that `python3 -m tools.make_docs` writes."""
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_kpi_is_defined() -> None:
    """Every KPI has a row and a definition, which its formula's docstring gives."""
    page = PAGES["docs/kpis.md"]()

    assert [name for name in KPIS if page.count(f"`{name}`") < 2] == []
    assert ": \n" not in page


def test_every_key_is_listed() -> None:
    """Every value that a checked scenario holds is a row of the page, names replaced."""
    from sim.scenario import load

    page = PAGES["docs/scenario-keys.md"]()
    scenario = load("baseline").resolved

    named = {
        "channels",
        "categories",
        "services",
        "staff",
        "shifts",
        "contracts",
        "breaks",
        "boxes",
        "promotions",
        "targets",
    }
    missing = [path for path in _paths(scenario, "", named) if f"`{path}`" not in page]
    assert missing == []


def _paths(values: dict[str, object], above: str, named: set[str]) -> list[str]:
    """Return the key paths of a resolved scenario as the page writes them."""
    found = []
    for key, value in values.items():
        path = f"{above}{key}"
        if not isinstance(value, dict) or "distribution" in value or key == "cross_training":
            found.append(path)
        elif key in named:
            for entry in value.values():
                found += _paths(entry, f"{path}.NAME.", named)
        else:
            found += _paths(value, f"{path}.", named)
    return found
