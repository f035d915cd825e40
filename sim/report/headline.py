"""The first sentences of the page: are we fine, how long do orders take, at what cost."""

from __future__ import annotations

from sim.kpis import KPIS
from sim.kpis.targets import JudgedTarget
from sim.report.cells import GAP, bound_words, said
from sim.report.input import ReportInput


def headline(report: ReportInput) -> str:
    """Return the verdict on the targets; without targets the lead time."""
    targets = report.targets
    if not targets:
        return _lead_time(report) or "No order of the measured window reached its customer."
    missed = [target for target in targets if target.verdict == "missed"]
    unknown = [target for target in targets if target.verdict not in ("met", "missed")]
    met = len(targets) - len(missed) - len(unknown)
    if met == len(targets):
        words = "The target is met" if met == 1 else f"All {met} targets are met"
    else:
        words = f"{met} of {len(targets)} target{'s' * (len(targets) > 1)} met"
    if missed:
        words += "; missed: " + ", ".join(_miss(report, target) for target in missed)
    if unknown:
        words += "; without a value: " + ", ".join(KPIS[t.kpi].title for t in unknown)
    unsure = [target for target in targets if not target.sure and target not in unknown]
    if unsure:
        words += (
            f". {len(unsure)} of these verdicts {'is' if len(unsure) == 1 else 'are'} uncertain"
        )
    return words + "."


def _miss(report: ReportInput, target: JudgedTarget) -> str:
    found = report.estimates.get(target.kpi)
    value = "undefined" if found is None else said(found, target.kpi)
    return f"{KPIS[target.kpi].title} is {value}, wanted {bound_words(target.bound, target.kpi)}"


def _lead_time(report: ReportInput) -> str:
    half = report.estimates.get("order_lead_time_p50_h")
    most = report.estimates.get("order_lead_time_p95_h")
    if half is None or most is None:
        return ""
    return (
        f"Half of the orders are at the door within {said(half, 'order_lead_time_p50_h')}, "
        f"95{GAP}% within {said(most, 'order_lead_time_p95_h')}."
    )


def summary(report: ReportInput) -> str:
    """Return lead time, promise, accuracy, returns and cost in two sentences."""
    phrases = (
        ("on_time_ship_rate", "{} leave on the promised truck"),
        ("picking_accuracy_lines_rate", "{} of the lines are picked right"),
        ("rate_of_return", "{} of the units come back"),
        ("cost_per_order_eur", "an order costs {}"),
    )
    told = [
        words.format(said(found, kpi))
        for kpi, words in phrases
        if (found := report.estimates.get(kpi)) is not None
    ]
    first = _lead_time(report) if report.targets else ""
    second = ", ".join(told)
    return f"{first} {second[:1].upper()}{second[1:]}{'.' * bool(told)}".strip()
