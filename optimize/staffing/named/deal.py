"""Dealing duties out to a group: day by day, then few people at a time, then by trade.

What a day's duties weigh is a sum over people once the other days stand, so the best way to deal
one day is an assignment (Kuhn 1955, Hungarian method). Days are dealt in turn until none gets
better. What is lost then is looked for by dealing the weeks of a few people anew, exactly, with all
lost duties (large neighbourhood search, Shaw 1998). At last people trade what they have on some
days, all at once: an assignment again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from optimize.staffing.named.price import GroupDeal, Kinds
from optimize.staffing.named.problem import Weights
from optimize.staffing.named.program import dealt_exactly
from optimize.staffing.problem import DAYS_A_WEEK

FORBIDDEN = 1e13
MAX_PASSES = 6
RECOVERING_PEOPLE = 16
"""More would end at the limit without an answer."""
TRADING_PEOPLE = 60
RECOVERING_LIMIT_S = 0.3
LOSS_ALONE = Weights(1, *(0,) * 7)


class Table:
    """Weeks of a group's people while they are dealt out.

    Parameters
    ----------
    deal
        What there is to deal out.
    """

    def __init__(self, deal: GroupDeal) -> None:
        self.deal = deal
        self.weeks: list[Kinds] = [()] * len(deal.people)
        self._remembered: dict[tuple[int, Kinds, int], list[float]] = {}

    def lost(self) -> dict[int, int]:
        """Return kinds that too few people have, with the number missing."""
        left = list(self.deal.counts)
        for week in self.weeks:
            for number in week:
                left[number] -= 1
        return {number: count for number, count in enumerate(left) if count}

    def cost(self) -> int:
        """Return what all weeks and lost duties weigh."""
        deal = self.deal
        lost = sum(deal.kinds[n].length * count for n, count in self.lost().items())
        return deal.weights.lost * lost + sum(map(deal.cost, range(len(self.weeks)), self.weeks))

    def deal_day(self, day: int, *, level: bool = False) -> None:
        """Deal a day's duties out in the best way for what stands on the other days.

        Parameters
        ----------
        day
            0 to 6.
        level
            Prefer those with few hours so far, as long as days are still empty.
        """
        from scipy.optimize import linear_sum_assignment  # noqa: TID251  # a package of SciPy

        kinds = [n for n, kind in enumerate(self.deal.kinds) if kind.day == day]
        places = [number for number in kinds for _ in range(self.deal.counts[number])]
        if not places or not self.weeks:
            return
        others = [tuple(n for n in week if self.deal.kinds[n].day != day) for week in self.weeks]
        by_kind = np.array(
            [self._extra(person, week, kinds, day) for person, week in enumerate(others)]
        )
        if level:
            hours = [sum(self.deal.kinds[n].length for n in week) for week in others]
            by_kind += np.array(hours, dtype=np.float64)[:, None] * self.deal.weights.hours
        where = {number: column for column, number in enumerate(kinds)}
        matrix: npt.NDArray[np.float64] = np.concatenate(
            [by_kind[:, [where[number] for number in places]], np.zeros((len(others),) * 2)],
            axis=1,
        )
        rows, columns = linear_sum_assignment(matrix)
        self.weeks = others
        for person, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if column < len(places) and matrix[person, column] < FORBIDDEN:
                self.weeks[person] = tuple(sorted((*others[person], places[column])))

    def _extra(self, person: int, week: Kinds, kinds: list[int], day: int) -> list[float]:
        """Return what each kind of a day costs above a day off, what it would lose taken off."""
        deal = self.deal
        key = (deal.profiles[person], week, day)
        known = self._remembered.get(key)
        if known is None:
            free = deal.cost(person, week)
            known = [
                float(
                    deal.cost(person, (*week, number))
                    - free
                    - deal.weights.lost * deal.kinds[number].length
                )
                if deal.may_add(person, week, number)
                else FORBIDDEN
                for number in kinds
            ]
            self._remembered[key] = known
        return known

    def improve_days(self) -> None:
        """Deal days anew in turn until a whole turn brings nothing."""
        cost = self.cost()
        for _ in range(MAX_PASSES):
            improved = False
            for day in range(DAYS_A_WEEK):
                kept = self.weeks
                self.deal_day(day)
                after = self.cost()
                if after >= cost:
                    self.weeks = kept
                else:
                    cost = after
                    improved = True
            if not improved:
                return

    def trade_days(self, luck: np.random.Generator) -> None:
        """Let people trade what they have on some days, all at once and in the best way.

        What each has on the other days stands, so who takes whose duties is an assignment; nothing
        is lost or found by it, and no trade at all is one of its answers.
        """
        from scipy.optimize import linear_sum_assignment  # noqa: TID251  # a package of SciPy

        deal = self.deal
        days = luck.permutation(DAYS_A_WEEK)[: int(luck.integers(1, DAYS_A_WEEK + 1))].tolist()
        people = sorted(luck.permutation(len(self.weeks))[:TRADING_PEOPLE].tolist())
        traded = [
            tuple(n for n in self.weeks[person] if deal.kinds[n].day in days) for person in people
        ]
        kept = [
            tuple(n for n in self.weeks[person] if deal.kinds[n].day not in days)
            for person in people
        ]
        columns = {bundle: column for column, bundle in enumerate(dict.fromkeys(traded))}
        known: dict[tuple[int, Kinds], list[float]] = {}
        for person, week in zip(people, kept, strict=True):
            key = (deal.profiles[person], week)
            if key not in known:
                known[key] = [self._with(person, week, bundle) for bundle in columns]
        by_bundle = np.array(
            [known[deal.profiles[person], week] for person, week in zip(people, kept, strict=True)]
        )
        matrix = by_bundle[:, [columns[bundle] for bundle in traded]]
        rows, places = linear_sum_assignment(matrix)
        for row, place in zip(rows.tolist(), places.tolist(), strict=True):
            self.weeks[people[row]] = tuple(sorted((*kept[row], *traded[place])))

    def _with(self, person: int, week: Kinds, bundle: Kinds) -> float:
        """Return what a person's week weighs with more duties; too much where that is unlawful."""
        held = week
        for number in bundle:
            if not self.deal.may_add(person, held, number):
                return FORBIDDEN
            held = (*held, number)
        return float(self.deal.cost(person, held))

    def recover(self, luck: np.random.Generator, bound: int) -> bool:
        """Deal anew for the least loss alone: half of the people have days left for more.

        Parameters
        ----------
        luck
            Who.
        bound
            Quarter-hours lost at least.

        Returns
        -------
        bool
            Whether any loss above the bound was there to be recovered.
        """
        lost = self.lost()
        before = self._lost_slots()
        if before <= bound:
            return False
        shortest = min(self.deal.kinds[number].length for number in lost)
        people = luck.permutation(len(self.weeks)).tolist()
        spare = [person for person in people if self._spare(self.weeks[person]) >= shortest]
        chosen = spare[: RECOVERING_PEOPLE // 2]
        others = [person for person in people if person not in spare]
        chosen = [*chosen, *others, *spare[len(chosen) :]][:RECOVERING_PEOPLE]
        kept = list(self.weeks)
        self._redeal(replace(self.deal, weights=LOSS_ALONE), sorted(chosen), luck)
        if self._lost_slots() > before:
            self.weeks = kept
        return True

    def _redeal(self, deal: GroupDeal, chosen: list[int], luck: np.random.Generator) -> None:
        weeks = {person: self.weeks[person] for person in chosen}
        counts = self.lost()
        for week in weeks.values():
            for number in week:
                counts[number] = counts.get(number, 0) + 1
        found = dealt_exactly(
            deal,
            weeks,
            dict(sorted(counts.items())),
            seed=int(luck.integers(2**31)),
            deterministic_limit_s=RECOVERING_LIMIT_S,
        )
        for person, week in found[0].items() if found else ():
            self.weeks[person] = week

    def _lost_slots(self) -> int:
        return sum(self.deal.kinds[n].length * count for n, count in self.lost().items())

    def _spare(self, week: Kinds) -> int:
        """Return quarter-hours that a person may still work; 0 if no day is left."""
        if len(week) >= self.deal.contract.max_days_a_week:
            return 0
        return self.deal.cap - sum(self.deal.kinds[n].length for n in week)


def first_deal(deal: GroupDeal) -> Table:
    """Return a group's duties dealt out day by day, each day anew until none gets better."""
    table = Table(deal)
    for day in range(DAYS_A_WEEK):
        table.deal_day(day, level=True)
    table.improve_days()
    return table
