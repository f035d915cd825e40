"""The offered load in words and tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.experiments.explain.offered import NAMES, Offered, RoleLoad
from sim.experiments.statistics.stability import HEAVY_LOAD
from sim.report.tables import aligned, shown

Rows = list[tuple[str, ...]]


def named(role: str) -> str:
    """Return a role in words."""
    return role.replace("_", " ")


def load_text(load: float | None) -> str:
    """Return a load as people read it; a dash where nobody is there."""
    if load is None:
        return "-"
    return "no one" if math.isinf(load) else f"{load:.2f}"


def offered_rows(offered: Offered) -> Rows:
    """Return the table: week, expected busy share, each weekday, verdict."""
    head = ("role", "work h", "hands h", "load", "busy", *(name[:3] for name in NAMES), "")
    rows: Rows = [head]
    for each in offered.roles:
        rows.append(
            (
                named(each.role),
                f"{each.work_s / 3600.0:.1f}",
                f"{each.staffed_s / 3600.0:.1f}",
                load_text(each.shared_load),
                load_text(each.utilisation),
                *(load_text(load) for load in each.days),
                each.verdict,
            )
        )
    return rows


def bottleneck_sentence(offered: Offered) -> str:
    """Return who limits the house, on the week and on the fullest day."""
    role = offered.bottleneck
    if role is None:
        return "nobody has any work"
    words = named(role.role)
    if math.isinf(role.shared_load):
        return f"bottleneck: {words}: there is work for them, and nobody to do it"
    found = f"bottleneck: {words}: {role.shared_load:.2f} of their week"
    day = role.fullest_day
    if day is None:
        return found
    load = role.days[day]
    assert load is not None
    found += f"; the fullest day is {NAMES[day]} with {load:.2f}"
    if role.shared_load >= 1.0:
        return f"{found}: lines grow as long as the run lasts"
    if load <= 1.0:
        return found
    if role.shared_load != role.load:
        return f"{found} of their own hands"
    return f"{found}: work runs over into {NAMES[_next_worked(role, day)]}"


def _next_worked(role: RoleLoad, day: int) -> int:
    return next((day + k) % 7 for k in range(1, 8) if role.days[(day + k) % 7] is not None)


def overload_notes(offered: Offered) -> list[str]:
    """Return a line for each role with at least 0.95 of the work that it can do."""
    return [_overload(each) for each in offered.roles if each.shared_load >= HEAVY_LOAD]


def _overload(each: RoleLoad) -> str:
    words, load = named(each.role), each.shared_load
    if math.isinf(load):
        return f"note: there is work for {words}, and nobody to do it"
    if each.role == "returns_clerks":
        load_words = f"note: once all returns come, {words} have {load:.2f}"
    else:
        load_words = f"note: {words} have {load:.2f}"
    if each.verdict == "unstable":
        return f"{load_words} times the work they can do: lines will grow as long as the run lasts"
    return (
        f"{load_words} of the work they can do: lines settle so slowly that few runs are "
        "long enough"
    )


def offered_lines(offered: Offered, form: str = "text") -> list[str]:
    """Return the offered load for a terminal (``text``) or as Markdown (``md``)."""
    title = (
        f"{offered.scenario}: {offered.orders_per_week:,.0f} orders a week; "
        "work that comes in against people on duty"
    )
    heading = "## " if form == "md" else ""
    rows = offered_rows(offered)
    lines = [f"{heading}{shown(title)}", "", *table(rows, form, left=(0, len(rows[0]) - 1)), ""]
    lines.append(bottleneck_sentence(offered))
    if form == "md":
        lines.append("")
    mark = "- " if form == "md" else "note: "
    return [*lines, *(f"{mark}{note}" for note in offered.notes)]


def table(rows: Sequence[tuple[str, ...]], form: str, left: Sequence[int] = (0,)) -> list[str]:
    """Return rows, the first one a head, as aligned text or as a Markdown table."""
    if form == "text":
        return aligned(rows, [place not in left for place in range(len(rows[0]))])
    cells = [" | ".join(shown(cell).replace("|", "\\|") for cell in row) for row in rows]
    rule = " | ".join("---" if place in left else "---:" for place in range(len(rows[0])))
    return [f"| {line} |" for line in (cells[0], rule, *cells[1:])]


def offered_document(offered: Offered) -> dict[str, object]:
    """Return the offered load as JSON shows it; an infinite load is null."""
    return {
        "scenario": offered.scenario,
        "weeks": offered.weeks,
        "orders_per_week": offered.orders_per_week,
        "bottleneck": offered.bottleneck.role if offered.bottleneck else None,
        "roles": {
            each.role: {
                "work_s_per_week": each.work_s,
                "staffed_s_per_week": each.staffed_s,
                "load": _finite(each.load),
                "shared_load": _finite(each.shared_load),
                "verdict": each.verdict,
                "utilisation": each.utilisation,
                "load_by_weekday": list(each.days),
                "utilisation_by_hour_of_week": list(each.hours),
            }
            for each in offered.roles
        },
        "picking_s_per_order_by_orders_on_cart": [
            list(pair) for pair in zip(offered.tours.orders, offered.tours.seconds, strict=True)
        ],
        "notes": list(offered.notes),
    }


def _finite(load: float) -> float | None:
    return load if math.isfinite(load) else None
