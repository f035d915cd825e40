"""Small changes by the planner itself: a block may have one person less, all others no fewer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from optimize.judge.cuts import stay_near
from optimize.judge.moves import MENDED, Change, Floats, Key, Size
from optimize.judge.points import Planned
from optimize.judge.presence import Block
from optimize.staffing.tours.problem import Cut
from sim.scenario.schema import ROLES, WEEKDAYS
from sim.scenario.schema.people import Wages


@dataclass(frozen=True)
class BlockMoves:
    """Changes that the master makes: every plan keeps all its rules, contracts and breaks.

    Parameters
    ----------
    master
        The cheapest plan under rows.
    blocks
        Which may have one person less; their days are given up together first, then one by one.
    wages
        What hours cost.
    """

    master: Callable[[Sequence[Cut]], Planned | None]
    blocks: tuple[Block, ...]
    wages: Wages

    def ranked(
        self, here: Planned, size: Size, prices: Floats, rejected: Mapping[Key, bool]
    ) -> Iterator[Change]:
        """Yield changes, least expected loss for the wage saved first; see `Neighbours`."""
        parts = self._parts(size)
        given_up = sorted((self._loss(part, prices), n) for n, part in enumerate(parts))
        for _, number in given_up:
            part = parts[number]
            key = (size, part.role, part.words)
            if key in rejected or not part.heads_in(here.at_work):
                continue
            planned = self.master(self._rows(here, part))
            if planned is not None and planned.cost_cents < here.cost_cents:
                words = here.words.removesuffix(MENDED) + MENDED
                yield Change(f"one fewer of {part.words}", key, replace(planned, words=words))

    def _loss(self, part: Block, prices: Floats) -> float:
        """Return what giving up a person is thought to lose for the wage."""
        worth = float(prices[ROLES.index(part.role), list(part.slots)].sum())
        return worth / (part.wage_eur(self.wages) * part.person_slots or 1.0)

    def _parts(self, size: Size) -> list[Block]:
        if size == "person":
            return list(self.blocks)
        if size == "day":
            return [
                replace(block, days=(day,))
                for block in self.blocks
                if len(block.days) > 1
                for day in block.days
            ]
        return []

    def _rows(self, here: Planned, part: Block) -> list[Cut]:
        """Return rows that keep the hours of all blocks, less a person in one of them."""
        parted = [replace(block, days=(day,)) for block in self.blocks for day in block.days]
        rows = []
        for each in parted:
            less = each.role == part.role and each.first == part.first and each.days[0] in part.days
            for row in stay_near(here.at_work, [each], 1.0):
                least = row.at_least - (each.length if less else 0)
                if least > 0:
                    name = f"{each.role} {WEEKDAYS[each.days[0]]} no fewer"
                    rows.append(replace(row, name=name, at_least=least))
        return rows
