"""Good places without a proof: the nearest ones first, then article by article again.

A walk is priced exactly after each choice, so only the choice of places is heuristic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from optimize.routing.exact import shortest_lengths_m
from optimize.routing.scattered.problem import ScatteredProblem, Stock

ROUNDS = 20
"""Times some articles are chosen anew together, after no single one is better elsewhere."""
SHARE_CHOSEN_ANEW = 0.3
_GAIN_M = 1e-9


class Choice:
    """Places chosen so far for each article, and the metres of the walk past them.

    Parameters
    ----------
    problem
        Articles wanted and their places.
    """

    def __init__(self, problem: ScatteredProblem) -> None:
        self._layout = problem.layout
        self._wanted = problem.wanted
        self._places = {article: problem.places_of(article) for article in problem.wanted}
        self.of: dict[int, list[Stock]] = {article: [] for article in problem.wanted}
        self.length_m = 0.0

    def choose(self, article: int) -> None:
        """Choose places for an article, each the one that adds the fewest metres a unit."""
        self.of[article] = []
        missing = self._wanted[article]
        while missing > 0:
            open_places = [one for one in self._places[article] if one not in self.of[article]]
            base = self._stops()
            lengths_m = shortest_lengths_m(
                self._layout, [[*base, place.location] for place in open_places]
            )
            base_m = float(shortest_lengths_m(self._layout, [base])[0])
            added_m = (lengths_m - base_m) / [min(place.units, missing) for place in open_places]
            best = int(np.argmin(added_m))
            self.of[article].append(open_places[best])
            missing -= open_places[best].units
            self.length_m = float(lengths_m[best])

    def drop_needless(self, article: int) -> None:
        """Leave out places without which enough units of an article are there."""
        for place in sorted(self.of[article], key=lambda one: one.units):
            rest = [one for one in self.of[article] if one != place]
            if sum(one.units for one in rest) >= self._wanted[article]:
                self.of[article] = rest
        self.length_m = float(shortest_lengths_m(self._layout, [self._stops()])[0])

    def again(self, articles: Iterable[int]) -> bool:
        """Choose places for some articles anew; keep them if the walk is shorter, say whether."""
        before, before_m = (
            {article: list(found) for article, found in self.of.items()},
            self.length_m,
        )
        chosen = list(articles)
        for article in chosen:
            self.of[article] = []
        for article in chosen:
            self.choose(article)
        for article in chosen:
            self.drop_needless(article)
        if self.length_m < before_m - _GAIN_M:
            return True
        self.of, self.length_m = before, before_m
        return False

    def _stops(self) -> list[int]:
        return [place.location for places in self.of.values() for place in places]


def good_places(problem: ScatteredProblem, seed: int) -> Choice:
    """Return places for all articles, and the metres of the shortest walk past them.

    The same problem and seed give the same places.
    """
    choice = Choice(problem)
    articles: Sequence[int] = sorted(
        problem.wanted, key=lambda article: (len(problem.places_of(article)), article)
    )
    for article in articles:
        choice.choose(article)
    for article in articles:
        choice.drop_needless(article)
    rng = np.random.default_rng(seed)
    some = max(2, round(SHARE_CHOSEN_ANEW * len(articles)))
    for _ in range(ROUNDS):
        while sum(choice.again([article]) for article in articles):
            pass
        if len(articles) <= some:
            break
        choice.again(rng.permutation(articles)[:some].tolist())
    return choice
