"""What is true of stock records, checked straight from the raw log: two accounts, books and shelf.

Units vanish, are misput and miscounted only where the scenario says so; counts follow each other as
they must, see what is there, and take their time; books below what is reserved were mended so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from sim.log.facts import CountCause, Fact
from sim.scenario.schema import Scenario
from sim.scenario.schema.records import CountEveryDays
from tests.properties.goods_in_laws import paces_differ

SMALL_S = 1e-6
F = Fact


class RecordLaws:
    """Keeps the shelf beside the books, while the log is read.

    Parameters
    ----------
    scenario
        The scenario.
    books
        Units of each SKU by the books; shared with the law book, changed here by those who mend.
    """

    def __init__(self, scenario: Scenario, books: dict[int, int]) -> None:
        self.rules = scenario.records
        self.apart = scenario.records.apart
        self.takes_its_time = not paces_differ(scenario)
        self.books = books
        self.shelf: dict[int, int] = defaultdict(int)
        self.misput: dict[int, int] = defaultdict(int)
        self.as_opened: set[int] = set()
        self.came: tuple[int, int, float] | None = None
        self.found: int | None = None
        self.short: int | None = None
        self.booked_anew: tuple[int, int] | None = None
        self.asked: dict[int, int] = {}
        self.begun_s: dict[int, float] = {}
        self.mended_down: dict[int, int] = defaultdict(int)
        self.excess: dict[int, int] = defaultdict(int)
        self.touched: set[int] = set()

    def handlers(self) -> dict[Fact, Callable[[float, int, int, float], None]]:
        """Return what to do with each kind of fact: called with time, subject, other, value."""
        return {
            F.VANISHED: self._vanished,
            F.MISPUT: self._misput,
            F.MISCOUNTED: self._miscounted,
            F.COUNT_ASKED: self._count_asked,
            F.COUNT_STARTED: self._count_started,
            F.COUNTED: self._counted,
            F.FOUND_AGAIN: self._found_again,
            F.RECORD_MENDED: self._record_mended,
            F.RECORD_CLOSED: self._record_closed,
        }

    # --- what the law book tells ---------------------------------------------------------------

    def opened(self, sku: int, units: int) -> None:
        """Units lie on the shelf at the start."""
        self.shelf[sku] = units
        self.as_opened.add(sku)

    def moves(self, sku: int, units: int) -> None:
        """Units come onto the shelf or leave it, and the books know."""
        self.shelf[sku] += units
        if self.booked_anew is not None:
            assert (sku, -units) == self.booked_anew, "books were raised, and others were taken"
            assert self.books[sku] == 0, "books were raised by more than they had to be"
            self.booked_anew = None
        assert self.shelf[sku] >= 0, f"SKU {sku}: {self.shelf[sku]} units on the shelf"

    def brought(self, sku: int, units: int, *, returned: bool) -> None:
        """Units came that may be booked wrong; so much may go wrong with them at once."""
        rules = self.rules
        share = rules.miscount_return_share if returned else rules.miscount_receipt_share
        self.came = (sku, units, share)

    def found_short(self, sku: int, wanted: int, lacking: int) -> None:
        """A picker found too few; others on the same tour may have taken of what is there."""
        assert 0 <= wanted - lacking <= self.shelf[sku]
        self.short = sku

    def next_fact(self, fact: Fact) -> None:
        """Forget what only the very next fact may speak of."""
        if fact not in (F.MISPUT, F.MISCOUNTED):
            self.came = None
        if fact != F.RECORD_MENDED:
            self.short = None
        assert self.found is None or fact == F.COUNTED, "found again without a count"

    def in_house(self, sku: int) -> int:
        """Return the units in the house, on a wrong place too."""
        return self.shelf[sku] + self.misput[sku]

    def may_exceed(self, sku: int, kept: int, there: int) -> None:
        """More is reserved than is booked only where the books were mended down, by that much."""
        excess = kept - there
        assert excess <= max(0, self.excess[sku]) + self.mended_down.pop(sku, 0), (
            f"SKU {sku}: {kept} reserved of {there}"
        )
        self.excess[sku] = excess

    def moment_ends(self) -> None:
        """Nothing is left half told."""
        assert self.booked_anew is None, "books were raised for nothing"
        assert self.found is None, "found again without a count"

    # --- facts ---------------------------------------------------------------------------------

    def _vanished(self, _: float, sku: int, units: int, __: float) -> None:
        assert self.rules.shrinkage_units_per_sku_day > 0.0
        assert units == 1
        self.shelf[sku] -= 1
        assert self.shelf[sku] >= 0, "vanished from an empty place"

    def _misput(self, _: float, sku: int, units: int, __: float) -> None:
        assert self.rules.misput_receipt_share > 0.0
        assert self.came is not None
        assert sku == self.came[0]
        assert 1 <= units <= self.came[1], "more on a wrong place than came"
        self.shelf[sku] -= units
        self.misput[sku] += units

    def _miscounted(self, time_s: float, sku: int, off: int, _: float) -> None:
        assert 1 <= abs(off) <= self.rules.miscount_max_units
        if self.came is None:
            assert time_s == 0.0
            assert self.rules.opening_wrong_share > 0.0
            self.as_opened.remove(sku)
        else:
            of, units, share = self.came
            assert share > 0.0
            assert sku == of
            assert off >= -units
            self.came = None
        self._book(sku, self.books[sku] + off)
        self.mended_down.pop(sku, None)

    def _count_asked(self, _: float, sku: int, booked: int, cause: float) -> None:
        assert sku not in self.asked, "asked for while a count waits or is under way"
        if cause == CountCause.IN_TURN:
            assert self.rules.count_every_days != CountEveryDays()
        else:
            assert self.rules.count_when_zero
        if cause == CountCause.ZERO:
            assert booked == 0  # the pick that takes the last unit is told next
        else:
            assert booked == self.books[sku]
        self.asked[sku] = booked

    def _count_started(self, time_s: float, sku: int, _: int, __: float) -> None:
        assert sku in self.asked
        assert sku not in self.begun_s, "begun twice"
        self.begun_s[sku] = time_s

    def _counted(self, time_s: float, sku: int, booked: int, seen: float) -> None:
        begun_s, units = self.begun_s.pop(sku), self.asked.pop(sku)
        work_s = self.rules.count_s_per_sku + self.rules.count_s_per_unit * units
        if self.takes_its_time:
            assert time_s - begun_s >= work_s - SMALL_S
        assert self.misput[sku] == 0, "counted and not found again"
        assert self.found in (None, sku)
        self.found = None
        most = self.rules.miscount_max_units if self.rules.count_wrong_share else 0
        assert abs(seen - self.shelf[sku]) <= most
        assert seen >= 0
        assert booked == self.books[sku]
        self._book(sku, int(seen))

    def _found_again(self, _: float, sku: int, units: int, __: float) -> None:
        assert units == self.misput.pop(sku)
        self.shelf[sku] += units
        self.found = sku

    def _record_mended(self, _: float, sku: int, booked: int, seen: float) -> None:
        assert booked == self.books[sku]
        assert seen != booked
        if sku == self.short:
            assert seen == self.shelf[sku], "the picker saw something else"
        else:
            assert seen > booked, "books were lowered although nobody missed anything"
            self.booked_anew = (sku, int(seen))
        self._book(sku, int(seen))

    def _book(self, sku: int, units: int) -> None:
        self.mended_down[sku] += max(0, self.books[sku] - units)
        self.books[sku] = units
        self.touched.add(sku)
        assert units >= 0

    def _record_closed(self, _: float, sku: int, booked: int, there: float) -> None:
        assert (booked, there) == (self.books[sku], self.shelf[sku])
