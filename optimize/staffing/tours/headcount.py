"""How many people a group's duties need, by the rules of its contract taken together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from optimize.staffing.problem import SLOTS_A_DAY
from optimize.staffing.tours.model import overtime_cents
from optimize.staffing.tours.problem import Duty, Group


def people_needed(group: Group, duties: Iterable[Duty]) -> int:
    """Return the fewest people whom the rules of the contract, taken together, let do the duties.

    Where a person costs nothing and overtime does, as many as there may be to do it without.
    """
    contract, own = group.contract, list(duties)
    slots = sum(duty.people * duty.template.length for duty in own)
    count = max(
        group.people_min,
        -(-slots // max(1, contract.max_slots + contract.overtime_slots)),
        -(-sum(duty.people for duty in own) // contract.max_days_a_week),
        *(sum(duty.people for duty in own if duty.day == day) for day in range(7)),
        *_resting(group.contract.rest_slots, own),
    )
    most = min(group.people_max, slots // contract.min_slots if contract.min_slots else 10**9)
    over_cents = overtime_cents(group)
    best, best_cents = count, None
    # Cost falls, then rises with the number of people: one who saves less overtime than they cost.
    for people in range(count, max(count, most) + 1):
        over = max(0, slots - people * contract.max_slots)
        cents = over * over_cents + people * group.person_cents_a_week
        if best_cents is None or cents < best_cents:
            best, best_cents = people, cents
        if not over:
            break
    return best


def _resting(rest: int, duties: Sequence[Duty]) -> Iterator[int]:
    """Yield how many different people the duties of two days need, because of rest between them."""
    for day in range(7):
        for later in (1, 2):
            next_day = [duty for duty in duties if duty.day == (day + later) % 7]
            for start in dict.fromkeys(duty.template.start for duty in next_day):
                late = sum(
                    duty.people
                    for duty in duties
                    if duty.day == day
                    and duty.template.start + duty.template.length + rest
                    > later * SLOTS_A_DAY + start
                )
                if late:
                    yield late + sum(d.people for d in next_day if d.template.start <= start)
