"""What the pages tell people to write works as it stands there."""

from __future__ import annotations

import importlib.metadata
import re
import sys
import types
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from sim import compare, load, replicate
from sim.policies.routing import resolve_routing

ROOT = Path(__file__).resolve().parent.parent
WITH_SCENARIOS = ["README.md", "docs/scenarios.md", "docs/policies.md"]
WITH_SETTINGS = ["README.md", "docs/scenarios.md"]


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a page in a language."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def scenarios(page: str) -> list[str]:
    """Return the whole scenarios on a page."""
    return [block for block in blocks(page, "yaml") if "\nname:" in block]


@pytest.fixture
def farthest_first(monkeypatch: pytest.MonkeyPatch) -> str:
    """The rule of docs/policies.md, installed as the page says; its name."""
    module = types.ModuleType("my_rules")
    exec(compile(blocks("docs/policies.md", "python")[0], "my_rules.py", "exec"), module.__dict__)  # noqa: S102  # the page's own words
    monkeypatch.setitem(sys.modules, "my_rules", module)
    match = re.search(r'"(routing\.\w+)" = "([\w:]+)"', blocks("docs/policies.md", "toml")[0])
    assert match is not None
    points = [EntryPoint(match[1], match[2], "warelab.policies")]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: points)
    return match[1].removeprefix("routing.")


@pytest.mark.parametrize("page", WITH_SCENARIOS)
@pytest.mark.usefixtures("farthest_first")
def test_a_scenario_on_a_page_is_sound(page: str, tmp_path: Path) -> None:
    """Written into an empty folder, every scenario of a page is checked without a problem."""
    found = scenarios(page)

    assert found
    for text in found:
        file = tmp_path / "mine.yaml"
        file.write_text(text, encoding="utf-8")
        assert load(file).scenario.name in text
        assert text.startswith("# ")


@pytest.mark.parametrize("page", WITH_SETTINGS)
def test_a_setting_on_a_page_works(page: str) -> None:
    """Every `--set KEY=VALUE` of a shell block is taken by the baseline."""
    text = "\n".join(blocks(page, "sh"))

    found = [quoted or bare for quoted, bare in re.findall(r"--set (?:'([^']+)'|([^\s']+))", text)]

    assert found
    for setting in found:
        loaded = load("baseline", settings=[setting])
        assert "--set" in loaded.origins.values(), setting


def test_the_rule_on_the_page_walks(farthest_first: str) -> None:
    """The example of docs/policies.md is found by its entry point and obeys the rules it states."""
    from sim.warehouse.layout import RectangularLayout

    rule = resolve_routing(farthest_first, RectangularLayout(3, 4))

    assert rule.name == farthest_first
    assert rule.length_m([]) == 0.0
    assert rule.length_m([5, 1, 5]) == rule.length_m([1, 5])
    assert rule.visit_order([1, 9, 1]) == [9, 1]


def test_the_batching_rule_on_the_page_serves_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second example of docs/policies.md is a rule: the first goes, its neighbour with it."""
    from sim.policies.batching import Cart, resolve_batching
    from sim.stages.order import Shipment
    from sim.warehouse.layout import RectangularLayout

    module = types.ModuleType("my_batches")
    text = blocks("docs/policies.md", "python")[1]
    exec(compile(text, "my_batches.py", "exec"), module.__dict__)  # noqa: S102  # the page's own words
    monkeypatch.setitem(sys.modules, "my_batches", module)
    point = EntryPoint("batching.near_the_first", "my_batches:NearTheFirst", "warelab.policies")
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: [point])
    cart, floor = Cart(2, 1e6), RectangularLayout(3, 4)
    rule = resolve_batching("near_the_first", floor, "s_shape", cart)
    line: list[Any] = []
    for stop in (0, 20, 1):
        task = Shipment.__new__(Shipment)
        task.stops, task.volume_ml = [stop], 1.0
        line.append(task)

    assert rule(line[:1], cart) == [0]
    with monkeypatch.context() as light:
        light.setattr(Shipment, "units", 1)
        light.setattr(Shipment, "weight_g", 1.0)
        assert rule(line, cart) == [0, 2]


def test_the_rule_on_the_page_can_be_compared(farthest_first: str) -> None:
    """Played against the shortest walk on the same orders, it walks farther."""
    small: dict[str, Any] = {"run__warm_up_days": 0, "run__horizon_days": 1, "orders__per_day": 100}
    shortest = replicate("baseline", replications=2, picking__routing="exact", **small)
    theirs = replicate("baseline", replications=2, picking__routing=farthest_first, **small)

    more_m = compare(shortest, theirs).comparison.difference("walk_m_per_line")

    assert more_m is not None
    assert more_m.mean > 0.0
