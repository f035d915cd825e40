"""A staff section read as teams, so that the duties of any plan can be dealt out to people."""

from __future__ import annotations

from collections.abc import Sequence

from optimize.judge.presence import Staff, shifts_of
from optimize.staffing.problem import SLOT_S, SLOTS_A_DAY, Team, Template
from sim.scenario.schema import ROLES, WEEKDAYS, clock_s
from sim.scenario.schema.people import Shift

QUARTER_MIN = SLOT_S // 60


def teams_of(staff: Staff, roles: Sequence[str]) -> tuple[Team, ...]:
    """Return the people of some roles as teams, in the order of roles, shifts and days.

    Parameters
    ----------
    staff
        Section.
    roles
        Whose shifts are wanted.

    Raises
    ------
    ValueError
        If a shift of theirs is no shift of a planner: times beside the quarter-hour, two breaks, or
        heads by weekday or date.
    """
    found = []
    for name, shift in shifts_of(staff).items():
        people = [(role, getattr(shift, role)) for role in roles if shift.most_heads(role)]
        if not people:
            continue
        template = _template(name, shift)
        days = tuple(sorted(WEEKDAYS.index(day) for day in shift.days))
        found += [Team(role, template, days, heads) for role, heads in people]
    return tuple(sorted(found, key=lambda team: (ROLES.index(team.role), team.template, team.days)))


def _template(name: str, shift: Shift) -> Template:
    times = [clock_s(shift.start), clock_s(shift.end)]
    times += [clock_s(pause.start) for pause in shift.breaks.values()]
    minutes = [pause.minutes for pause in shift.breaks.values()]
    if any(time % SLOT_S for time in times) or any(each % QUARTER_MIN for each in minutes):
        raise ValueError(f"shift {name}: found times beside the quarter-hour; teams work in those")
    if len(minutes) > 1 or shift.by_day or shift.by_date:
        raise ValueError(
            f"shift {name}: found two breaks, or heads by weekday or date; a team has one break at"
            " most and is the same on all its days"
        )
    start, end = (int(time) // SLOT_S for time in times[:2])
    length = (end - start) % SLOTS_A_DAY or SLOTS_A_DAY
    if not minutes:
        return Template(start, length)
    after = (int(times[2]) // SLOT_S - start) % SLOTS_A_DAY
    return Template(start, length, after, int(minutes[0]) // QUARTER_MIN)
