"""What no way of dealing can beat: loss and people by counting."""

from __future__ import annotations

from math import gcd

from optimize.staffing.named.price import STEPS, GroupDeal
from optimize.staffing.named.problem import WEEKEND, Person
from optimize.staffing.problem import DAYS_A_WEEK, SLOTS_A_DAY, SLOTS_A_WEEK


def fewest_people(deal: GroupDeal) -> int:
    """Return how many people at least take all duties: hours, days, and who is not yet rested."""
    if not deal.total:
        return 0
    crowds = [sum(deal.counts[n] for n in clique) for clique in _cliques(deal)]
    # Nobody may take a duty longer than the contract's hours: no number of people is enough, and
    # the loss says so.
    by_hours = -(-deal.total // max(1, deal.cap))
    by_days = -(-sum(deal.counts) // deal.contract.max_days_a_week)
    return max(by_hours, by_days, *crowds)


def lost_slots_bound(deal: GroupDeal) -> int:
    """Return quarter-hours of duties that are lost however they are dealt out.

    Three counts, the largest of which holds: paid hours of all people, duties of all people's days,
    and in each moment the people who can come; where duties are too many, the shortest are lost.
    """
    people = len(deal.people)
    hours = deal.total - people * deal.cap
    days = _shortest(
        deal, range(len(deal.kinds)), sum(deal.counts) - people * deal.contract.max_days_a_week
    )
    crowds = [
        _shortest(
            deal,
            clique,
            sum(deal.counts[n] for n in clique)
            - sum(any(can[n] for n in clique) for can in deal.can_come),
        )
        for clique in _cliques(deal)
    ]
    nobody = sum(
        kind.length * count
        for number, (kind, count) in enumerate(zip(deal.kinds, deal.counts, strict=True))
        if not any(can[number] for can in deal.can_come)
    )
    return max(0, hours, days, nobody, *crowds)


def lost_slots_by_cost(deal: GroupDeal, cost: int) -> int:
    """Return quarter-hours lost at least where no way of dealing weighs less than ``cost``.

    The way with the least loss weighs no more than that and the worst of everything else; and what
    is lost is a multiple of what all lengths are multiples of.
    """
    unit = gcd(*(kind.length for kind in deal.kinds)) or 1
    left = cost - sum(_worst_week(deal, person) for person in deal.people)
    return max(0, -(-left // (deal.weights.lost * unit)) * unit)


def _worst_week(deal: GroupDeal, person: Person) -> int:
    """Return a weight that no lawful week of a person is above, whatever is lost."""
    weights, before = deal.weights, person.paid_leave_slots + person.balance_slots - deal.target
    away = max(abs(before), abs(before + deal.cap))
    outside = max(0, deal.least - person.paid_leave_slots, deal.cap - deal.most)
    squares = weights.weekend * len(WEEKEND) ** 2
    squares += (weights.late + weights.early) * deal.contract.max_days_a_week**2
    return (
        weights.outside * outside
        + weights.wish * sum(wish.weight for wish in person.wishes)
        + weights.hours * sum(max(0, away - step) for step in STEPS)
        + weights.steady * SLOTS_A_DAY
        + squares
    )


def cost_bound(deal: GroupDeal) -> int:
    """Return a weight that no way of dealing is below: loss, then hours outside the contracts.

    Taking a quarter-hour weighs less outside the contract than losing it, so the least is at the
    least loss.
    """
    lost = lost_slots_bound(deal)
    taken = deal.total - lost
    due = sum(max(0, deal.least - person.paid_leave_slots) for person in deal.people)
    outside = max(0, due - taken) + max(0, taken - len(deal.people) * deal.most)
    return deal.weights.lost * lost + deal.weights.outside * outside


def _cliques(deal: GroupDeal) -> list[list[int]]:
    """Return sets of duties of which a person has one at most."""
    a_day = [[n for n, k in enumerate(deal.kinds) if k.day == day] for day in range(DAYS_A_WEEK)]
    moments = [
        [
            n
            for n, k in enumerate(deal.kinds)
            if (at.week_start - k.week_start) % SLOTS_A_WEEK < k.length + deal.rest
        ]
        for at in deal.kinds
    ]
    return [clique for clique in (*a_day, *moments) if clique]


def _shortest(deal: GroupDeal, numbers: range | list[int], duties: int) -> int:
    """Return the quarter-hours of so many duties, the shortest of some kinds."""
    slots = 0
    for number in sorted(numbers, key=lambda n: deal.kinds[n].length):
        if duties <= 0:
            break
        taken = min(duties, deal.counts[number])
        slots += taken * deal.kinds[number].length
        duties -= taken
    return slots
