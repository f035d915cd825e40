"""Where the hours went and what helps, in words and tables."""

from __future__ import annotations

from sim.experiments.explain.offered_text import Rows, table
from sim.experiments.explain.played import ASKED, Effect, Explained
from sim.kpis import KPIS
from sim.report.tables import interval, number

TITLES = {
    "order_lead_time_mean_h": "lead time h",
    "on_time_ship_rate": "shipped on time",
    "cost_per_order_eur": "cost an order EUR",
}
UNCLEAR = "no clear difference"


def played_lines(found: Explained, form: str = "text") -> list[str]:
    """Return the tables for a terminal (``text``) or as Markdown (``md``)."""
    heading = "## " if form == "md" else ""
    count = len(found.run.outcomes)
    lines = [f"{heading}Where an order's hours went ({count} replications)", ""]
    parts: Rows = [("part", "hours", "95 % interval", "share")]
    for part in found.parts:
        share = "-" if part.share is None else f"{100.0 * part.share:.1f} %"
        words = part.name.replace("_", " ")
        parts.append((words, number(part.hours.mean, "h"), interval(part.hours, "h"), share))
    lines += [*table(parts, form), ""]
    lines += [f"{heading}What one more is worth, on the same orders (95 % interval)", ""]
    rows: Rows = [("one more", "of", *(TITLES[name] for name in ASKED))]
    rows += [_row(effect) for effect in found.effects]
    return [*lines, *table(rows, form, left=range(len(rows[0])))]


def _row(effect: Effect) -> tuple[str, ...]:
    changes = (_change(effect, name) for name in ASKED)
    return (effect.lever.unit, effect.lever.name, *changes)


def _change(effect: Effect, name: str) -> str:
    found, unit = effect.change[name], KPIS[name].unit
    if found is None:
        return "-"
    judgement = effect.judgement.get(name, UNCLEAR)
    if judgement == "identical":
        return judgement
    sign = "+" if found.mean > 0.0 else ""
    return f"{sign}{number(found.mean, unit)} ({interval(found, unit)}) {judgement}"


def played_document(found: Explained) -> dict[str, object]:
    """Return the same as JSON shows it."""
    return {
        "replications": len(found.run.outcomes),
        "parts": {
            part.name: {
                "mean_h": part.hours.mean,
                "ci95_h": [part.hours.lo, part.hours.hi],
                "share": part.share,
            }
            for part in found.parts
        },
        "levers": [
            {
                "name": effect.lever.name,
                "unit": effect.lever.unit,
                "overrides": list(effect.lever.overrides),
                "units_played": effect.lever.size,
                "changes_per_unit": {
                    name: None
                    if change is None
                    else {
                        "mean": change.mean,
                        "ci95": [change.lo, change.hi],
                        "verdict": effect.judgement.get(name),
                    }
                    for name, change in effect.change.items()
                },
            }
            for effect in found.effects
        ],
    }
