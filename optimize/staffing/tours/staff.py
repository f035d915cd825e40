"""A week's duties as the section ``staff`` of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from optimize.staffing.problem import SLOTS_A_DAY, SLOTS_AN_HOUR, Template, clock
from optimize.staffing.tours.problem import Group, TourPlan
from sim.scenario.schema import ROLES, WEEKDAYS
from sim.scenario.schema.people import Shift

Heads = dict[str, int]


def staff_section(
    plan: TourPlan,
    groups: Sequence[Group],
    today: Mapping[str, Shift],
    planned: Sequence[str],
) -> dict[str, Any]:
    """Return the section ``staff``: one shift for days with the same hours and the same heads.

    Parameters
    ----------
    plan
        Duties.
    groups
        Groups of the problem; people stand under the role of theirs.
    today
        Today's shifts; people of roles that were not planned keep them, under their old names.
    planned
        Roles that were planned.
    """
    section: dict[str, Any] = {}
    for template, by_day in sorted(_heads(plan, groups).items()):
        for heads, days in _alike(by_day):
            section[_name(template, days)] = {**_hours(template, days), **heads}
    for name, kept in today.items():
        rest = [role for role in ROLES if role not in planned and kept.most_heads(role)]
        if rest:
            section[_free_name(name, section)] = _without(kept, rest)
    return section


def _heads(plan: TourPlan, groups: Sequence[Group]) -> dict[Template, dict[int, Heads]]:
    role_of = {group.name: group.role for group in groups}
    found: dict[Template, dict[int, Heads]] = {}
    for duty in plan.duties:
        heads = found.setdefault(duty.template, {}).setdefault(duty.day, {})
        role = role_of[duty.group]
        heads[role] = heads.get(role, 0) + duty.people
    return found


def _alike(by_day: Mapping[int, Heads]) -> list[tuple[Heads, list[int]]]:
    """Return the days that have the same heads together, in the order of the week."""
    found: list[tuple[Heads, list[int]]] = []
    for day in sorted(by_day):
        same = [days for heads, days in found if heads == by_day[day]]
        if same:
            same[0].append(day)
        else:
            in_order = {role: by_day[day][role] for role in ROLES if role in by_day[day]}
            found.append((in_order, [day]))
    return found


def _hours(template: Template, days: Sequence[int]) -> dict[str, Any]:
    end = template.start + template.length
    shift: dict[str, Any] = {
        "days": [WEEKDAYS[day] for day in days],
        "start": clock(template.start),
        "end": clock(end if end <= SLOTS_A_DAY else end - SLOTS_A_DAY),
    }
    if template.break_length:
        pause = (template.start + template.break_after) % SLOTS_A_DAY
        minutes = template.break_length * 60 // SLOTS_AN_HOUR
        shift["breaks"] = {"meal": {"start": clock(pause), "minutes": minutes}}
    return shift


def _name(template: Template, days: Sequence[int]) -> str:
    start = clock(template.start)
    hours = f"{template.length / SLOTS_AN_HOUR:g}h"
    run = len(days) > 2 and all(after - day == 1 for day, after in pairwise(days))
    words = [WEEKDAYS[day] for day in ((days[0], days[-1]) if run else days)]
    pause = (
        f"-break-{clock(template.start + template.break_after)}" if template.break_length else ""
    )
    return f"{'-to-'.join(words) if run else '-'.join(words)}-{start}-{hours}{pause}".replace(
        ":", ""
    )


def _without(kept: Shift, rest: Sequence[str]) -> dict[str, Any]:
    """Return a shift of today as it is written, with the people of some roles alone."""
    hours = {"days", "start", "end", "breaks", "new_people"}
    written = kept.model_dump(exclude_unset=True, include={*hours, *rest})
    for key in ("by_day", "by_date"):
        days = {
            day: different.model_dump(exclude_none=True, include={*hours, *rest})
            for day, different in getattr(kept, key).items()
        }
        if any(days.values()):
            written[key] = {day: different for day, different in days.items() if different}
    return written


def _free_name(name: str, section: Mapping[str, Any]) -> str:
    while name in section:
        name = f"{name[:70]}-today"
    return name
