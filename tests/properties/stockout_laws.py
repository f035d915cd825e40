"""What may be done about a line that is not there: the rules of a scenario, read a second time."""

from __future__ import annotations

from sim.log.facts import ShortAnswer
from tests.sim.engine.playing import Record

AT_THE_CLICK = {
    "turn_away": {ShortAnswer.TURN_AWAY},
    "ask_customer": {ShortAnswer.ELSEWHERE, ShortAnswer.DROPPED, ShortAnswer.SUBSTITUTE},
    "substitute": {ShortAnswer.SUBSTITUTE},
}
WHEN_SOLD = {
    "backorder": {ShortAnswer.BACKORDER, ShortAnswer.HOLDS},
    "turn_away": {ShortAnswer.OVERSOLD},
    "dropship": {ShortAnswer.DROPSHIP},
}
AT_THE_PICK = {**WHEN_SOLD, "backorder": {ShortAnswer.WAITS, ShortAnswer.FOLLOWS}}
GONE_AT_THE_CLICK = {
    ShortAnswer.TURN_AWAY: "turned away",
    ShortAnswer.ELSEWHERE: "went elsewhere",
    ShortAnswer.DROPPED: "went elsewhere",
}


class StockoutLaws:
    """The answer of each SKU, and what is known of lines that are not there.

    ``known``: orders of which it is known what the click showed; ``shown_out``: lines that it
    showed as out; ``must_be_replaced``: lines that take another SKU now, with the one they had;
    ``told_s``: the truck told last of each backordered line; ``slipped``: lines whose customers
    must hear of a new date now; ``may_be_told``: lines of which they may.
    """

    def __init__(self, record: Record) -> None:
        self.known: set[int] = set()
        self.shown_out: set[int] = set()
        self.must_be_replaced: dict[int, int] = {}
        self.told_s: dict[int, float] = {}
        self.slipped: set[int] = set()
        self.may_be_told: set[int] = set()
        self.scenario = record.setting.scenario
        self.catalogue = record.setting.catalogue
        self.rules, self.allocation = self.scenario.stockouts, self.scenario.allocation
        popularity = self.catalogue.popularity.tolist()
        best_first = sorted(range(len(popularity)), key=lambda sku: (-popularity[sku], sku))
        abc = self.scenario.warehouse.abc
        a_ends = round(abc.a_share * len(best_first))
        b_ends = round((abc.a_share + abc.b_share) * len(best_first))
        self.letter = ["C"] * len(best_first)
        for place, sku in enumerate(best_first[:b_ends]):
            self.letter[sku] = "A" if place < a_ends else "B"

    def _setting(self, sku: int, key: str) -> str | bool:
        category = self.catalogue.categories[self.catalogue.category[sku]]
        for each in self.rules.by_class.values():
            in_abc = not each.abc or self.letter[sku] in each.abc
            if in_abc and (not each.categories or category in each.categories):
                own = getattr(each, key)
                break
        else:
            own = None
        found: str | bool = getattr(self.rules, key) if own is None else own
        return found

    def answer(self, sku: int) -> str:
        """Return the answer to a SKU."""
        return str(self._setting(sku, "answer"))

    def splits(self, sku: int) -> bool:
        """Tell whether what is there goes ahead of a SKU."""
        return bool(self._setting(sku, "split"))

    def at_the_click(self, sku: int) -> set[ShortAnswer]:
        """Return the answers that the click may give."""
        answer = self.answer(sku)
        found = set(AT_THE_CLICK.get(answer, ()))
        if answer == "substitute" and self.rules.otherwise == "turn_away":
            found.add(ShortAnswer.TURN_AWAY)
        return found

    def when_sold(self, sku: int, *, oversale: bool, at_the_pick: bool) -> set[ShortAnswer]:
        """Return the answers that a line may get which is sold already."""
        kinds = AT_THE_PICK if at_the_pick else WHEN_SOLD
        answer = self.answer(sku)
        if answer in kinds:
            return set(kinds[answer])
        otherwise = set(kinds[self.rules.otherwise])
        if answer == "substitute":
            return otherwise | ({ShortAnswer.SUBSTITUTE} if oversale or at_the_pick else set())
        if at_the_pick:
            return otherwise | set(kinds["backorder"])  # who chose to wait is not named in the log
        return otherwise if oversale else set(kinds["backorder"])

    def price(self, sku: int, cents: int) -> int:
        """Return what a substitute costs that takes the place of goods at a price."""
        return min(cents, int(self.catalogue.price_cents[sku]))

    def same_category(self, sku: int, other: int) -> bool:
        """Tell whether two SKUs are of one category."""
        return bool(self.catalogue.category[sku] == self.catalogue.category[other])
