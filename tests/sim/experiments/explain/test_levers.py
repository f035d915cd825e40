"""Levers change what they say, by as much as they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiments.explain.levers import Lever, levers, mean_reorder_point, prepared
from sim.experiments.explain.played import ASKED, effect_of, explain_played, parts_of
from sim.experiments.explain.played_text import played_document, played_lines
from sim.experiments.run import Run, execute
from sim.scenario.loading import LoadedScenario, load
from tests.sim.experiments.small import small_file


def by_name(file: Path, *settings: str) -> dict[str, Lever]:
    """Return the levers of a file by name."""
    loaded = load(str(file), settings=settings)
    return {lever.name: lever for lever in levers(str(file), settings, loaded)}


def test_each_role_gets_a_head_and_is_told_by_the_hour(tmp_path: Path) -> None:
    """Each role gets a head and is told by the hour."""
    file = small_file(tmp_path)
    found = by_name(file)
    pickers = found["pickers (early)"]
    assert pickers.overrides == ('staff."early".pickers=2',)
    assert pickers.size == pytest.approx(6 * 7.5 / 7)  # six shifts of 7.5 h a week
    more = load(str(file), settings=pickers.overrides).scenario
    assert more.staff["early"].pickers == 2
    assert more.staff["late"] == load(str(file)).scenario.staff["late"]
    assert "replenishers (early)" not in found


def test_days_with_other_heads_get_one_more_too(tmp_path: Path) -> None:
    """Days with other heads get one more too."""
    file = small_file(tmp_path)
    pickers = by_name(file, "staff.early.by_day.sat.pickers=3")["pickers (early)"]
    assert 'staff."early".by_day.sat.pickers=4' in pickers.overrides
    assert pickers.size == pytest.approx(6 * 7.5 / 7)


def test_walking_speed(tmp_path: Path) -> None:
    """Walking speed."""
    file = small_file(tmp_path)
    walk = by_name(file)["walking speed"]
    faster = load(str(file), settings=walk.overrides).scenario.warehouse.walk_speed_m_per_s
    before = load(str(file)).scenario.warehouse.walk_speed_m_per_s
    assert faster - before == pytest.approx(walk.size)
    law = "picking.time_s={distribution: deterministic, value: 60}"
    assert "walking speed" not in by_name(file, law)


GIVEN = "stock.reorder_point=7"


@pytest.mark.parametrize("settings", [(), (GIVEN,), (GIVEN, "stock.order_up_to=30")])
def test_safety_stock_is_told_by_the_unit(tmp_path: Path, settings: tuple[str, ...]) -> None:
    """Safety stock is told by the unit."""
    file = small_file(tmp_path)
    stock = by_name(file, *settings)["safety stock"]
    before = mean_reorder_point(prepared(load(str(file), settings=settings)))
    after = mean_reorder_point(prepared(load(str(file), settings=[*settings, *stock.overrides])))
    assert after - before == pytest.approx(stock.size)
    assert not settings or stock.size == pytest.approx(1.0)
    assert "safety stock" not in by_name(file, "stock.unlimited=true")


def test_effects_are_paired_differences_a_unit(tmp_path: Path) -> None:
    """Effects are paired differences a unit."""
    file = small_file(tmp_path)
    base = execute(load(str(file)))
    changed = execute(load(str(file), settings=["staff.early.pickers=3"]))
    effect = effect_of(Lever("pickers", (), "person-hour a day", 2.0), base, changed)
    for name in ASKED:
        pairs = zip(base.values(name), changed.values(name), strict=True)
        differences = [b - a for a, b in pairs if a is not None and b is not None]
        found = effect.change[name]
        assert found is not None
        assert found.mean == pytest.approx(sum(differences) / len(differences) / 2.0)
    same = effect_of(Lever("nothing", (), "nothing", 1.0), base, base)
    assert set(same.judgement.values()) == {"identical"}


def test_the_parts_add_up_to_the_lead_time(tmp_path: Path) -> None:
    """The parts add up to the lead time."""
    run = execute(load(str(small_file(tmp_path))))
    parts = parts_of(run)
    lead = run.estimates["order_lead_time_mean_h"]
    assert lead is not None
    assert sum(part.hours.mean for part in parts) == pytest.approx(lead.mean)
    assert sum(part.share or 0.0 for part in parts) == pytest.approx(1.0)


def test_all_of_it_can_be_read_as_text_and_as_json(tmp_path: Path) -> None:
    """All of it can be read as text and as json."""
    said = []

    def play(loaded: LoadedScenario, words: str) -> Run:
        said.append(words)
        return execute(loaded, replications=range(2))

    found = explain_played(str(small_file(tmp_path)), ("run.horizon_days=1",), play)
    assert said[0] == f"1 of {len(found.effects) + 1}: as it is"
    assert len(said) == len(set(said)) == len(found.effects) + 1
    text = "\n".join(played_lines(found))
    assert "person-hour a day" in text
    assert "wait pick" in text
    document = played_document(found)
    assert document["replications"] == 2
    assert len(found.effects) == len(document["levers"])  # type: ignore[arg-type]
