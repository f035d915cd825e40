"""What a study of sensitivity says in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiments.sensitivity.plan import Plan
from sim.experiments.sensitivity.study import Influence, KpiAnswer, Study
from sim.kpis import KPIS
from sim.report.tables import label, number, unit_of

MUCH_LUCK = 0.2
"""From this share of luck on, more replications are advised."""
WIDE = 0.5
"""From this width of an interval of a share of the variance on, more points are advised."""


def sentences(study: Study, answer: KpiAnswer) -> list[str]:
    """Return what moves a KPI, what does not, and how much of it is luck."""
    if study.plan.asked.method == "morris":
        said = [_screened(answer), *_interactions(answer)]
    else:
        said = [_divided(answer), *_left_over(answer)]
    return [*said, _rest(answer), *_luck(study.plan, answer)] if _moves(answer) else said[:1]


def dial_sentences(plan: Plan) -> list[str]:
    """Return what holds for all KPIs: points played, whole numbers."""
    points = f"{plan.places.size} points of the design, {len(plan.cells)} different ones"
    said = [f"{points}, {plan.asked.replications} replications each on the same orders."]
    whole = [dial.key for dial in plan.dials if dial.whole]
    if whole:
        verb = "takes" if len(whole) == 1 else "take"
        said.append(f"{_listed(whole)} {verb} whole numbers only: shares of the range are rounded.")
    return said


def _moves(answer: KpiAnswer) -> bool:
    return any(one.figure > 0.0 for one in answer.influences)


def _nothing(answer: KpiAnswer) -> str:
    return f"Nothing moves {answer.kpi}: it is the same at all points."


def _screened(answer: KpiAnswer) -> str:
    """Return who matters most, by mu star."""
    if not _moves(answer):
        return _nothing(answer)
    seen = [one for one in answer.influences if one.beyond_luck]
    if not seen:
        return _only_luck(answer)
    first, *others = seen
    size = _amount(answer.kpi, first.figure)
    way = _way(first)
    said = (
        f"{first.dial.key} matters most: from {first.dial.range_words} it {way} {answer.kpi} by "
        f"{size} on average"
    )
    named = [f"{one.dial.key} ({_amount(answer.kpi, one.figure)})" for one in others]
    return f"{said}; then {_listed(named)}.{_close(seen)}" if named else f"{said}.{_close(seen)}"


def _divided(answer: KpiAnswer) -> str:
    """Return who matters most, by the total index."""
    if not _moves(answer):
        return _nothing(answer)
    seen = [one for one in answer.influences if one.beyond_luck]
    if not seen:
        return _only_luck(answer)
    first, *others = seen
    said = (
        f"{first.dial.key} matters most: it takes part in {_share(first.figure)} of the variance "
        f"of {answer.kpi}, {_share(max(0.0, first.second))} by itself"
    )
    named = [f"{one.dial.key} ({_share(one.figure)})" for one in others]
    return f"{said}; then {_listed(named)}.{_close(seen)}" if named else f"{said}.{_close(seen)}"


def _only_luck(answer: KpiAnswer) -> str:
    return f"No dial moves {answer.kpi} by more than luck could: play more points or replications."


def _close(seen: Sequence[Influence]) -> str:
    """Say where the order of the first two is open."""
    if len(seen) < 2 or seen[0].lo > seen[1].hi:
        return ""
    first, second = seen[0].dial.key, seen[1].dial.key
    return f" Which of {first} and {second} matters more is open: their intervals overlap."


def _way(one: Influence) -> str:
    """Return in which direction a dial moves a KPI; most effects must point one way."""
    mean = one.mean or 0.0
    if abs(mean) < 0.9 * one.figure:
        return "moves"
    return "raises" if mean > 0.0 else "lowers"


def _interactions(answer: KpiAnswer) -> list[str]:
    """Name the dials whose effect is uneven: sigma above mu star."""
    seen = [one for one in answer.influences if one.beyond_luck]
    uneven = [one.dial.key for one in seen if one.second > one.figure]
    if not uneven:
        return []
    names = _listed(uneven)
    return [f"Uneven, by where it stands or by the others (sigma above mu*): {names}."]


def _left_over(answer: KpiAnswer) -> list[str]:
    alone = sum(max(0.0, one.second) for one in answer.influences)
    rest = "the rest is interaction, luck and the error of the sample"
    said = [f"Dials by themselves explain {_share(min(1.0, alone))} of the variance; {rest}."]
    if any(one.hi - one.lo > WIDE for one in answer.influences):
        said.append("The intervals are wide: take more points (--base-samples).")
    return said


def _rest(answer: KpiAnswer) -> str:
    """Say which dials do nothing, and of which nothing is shown."""
    none = [one.dial.key for one in answer.influences if one.figure == 0.0]
    unsure = [one.dial.key for one in answer.influences if one.figure > 0.0 and not one.beyond_luck]
    said = []
    if none:
        verb = "does" if len(none) == 1 else "do"
        said.append(f"{_listed(none)} {verb} nothing to {answer.kpi}: exactly 0.")
    if unsure and len(none) + len(unsure) < len(answer.influences):
        said.append(f"Not told from luck: {_listed(unsure)}.")
    return " ".join(said)


def _luck(plan: Plan, answer: KpiAnswer) -> list[str]:
    """Say what of the differences between points is luck."""
    count, share = plan.asked.replications, answer.noise.share
    if share is None:
        return ["How much is luck is not known from 1 replication: play at least 2."]
    said = (
        f"Luck makes {_share(share)} of the variance between points (means of {count} replications "
        "on the same orders)"
    )
    if share < MUCH_LUCK:
        return [f"{said}."]
    return [f"{said}: do not read small figures as influence, or play more replications."]


def _amount(kpi: str, value: float) -> str:
    definition = KPIS[kpi]
    return f"{number(value, definition.unit)} {unit_of(definition)}".strip()


def _share(value: float) -> str:
    if 1e-9 < value < 0.01:
        return "less than 1 %"
    return f"{100.0 * value:.0f} %"


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def title_of(kpi: str) -> str:
    """Return a KPI as it heads its table: words and unit."""
    definition = KPIS[kpi]
    unit = unit_of(definition)
    return f"{label(definition)}{f' ({unit})' if unit else ''}"
