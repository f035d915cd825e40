"""Stock records: what the books say against what lies on the shelf, and the counts that mend them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import NotNegative, PositiveCount, Probability, Section

CountDays = Annotated[float, Field(ge=0.04, le=3660.0)]
"""An hour at least: who counts more often does nothing else."""


class CountEveryDays(Section):
    """Days between two counts of a SKU, by the class of its pick frequency (warehouse.abc)."""

    a: CountDays | None = Field(None, description="class A, the best sellers; null: not counted")
    b: CountDays | None = Field(None, description="class B; null: not counted")
    c: CountDays | None = Field(None, description="class C; null: not counted")


class RecordsSection(Section):
    """How the books part from the shelf, and who counts how often. As they are, books are right.

    Sources for what to write: a distribution centre's records are right for 98 to 99 % of its SKUs,
    65 % of 370,000 store records were wrong (DeHoratius & Raman 2008, Inventory record inaccuracy:
    an empirical analysis, Management Science 54(4), 627-641).
    """

    opening_wrong_share: Probability = Field(
        0.0, description="share of the SKUs whose books are wrong at the start"
    )
    shrinkage_units_per_sku_day: Annotated[float, Field(ge=0.0, le=100.0)] = Field(
        0.0, description="units of a SKU that vanish a day, one by one, unseen; Poisson"
    )
    misput_receipt_share: Probability = Field(
        0.0, description="chance that one to all units of a receipt are put on a wrong place"
    )
    miscount_receipt_share: Probability = Field(
        0.0, description="chance that other units are booked than a receipt brought"
    )
    miscount_return_share: Probability = Field(
        0.0, description="chance that other units are booked than a restocked line has"
    )
    miscount_max_units: PositiveCount = Field(
        3, description="a miscount is 1 to so many units too many or too few, all alike"
    )
    count_every_days: CountEveryDays = CountEveryDays()
    count_when_zero: bool = Field(
        False,
        description="count a SKU when its last booked unit is picked, or a picker finds too few",
    )
    counted_by: Literal["receivers", "replenishers", "clerks"] = Field(
        "receivers", description="who counts, when nothing else of their role waits"
    )
    count_s_per_sku: NotNegative = Field(
        60.0, description="work of a count: walk there and find the place"
    )
    count_s_per_unit: NotNegative = Field(2.0, description="work of a count, each booked unit")
    count_wrong_share: Probability = Field(
        0.0, description="chance that a count is wrong, by at most miscount_max_units"
    )

    @property
    def drift(self) -> bool:
        """Whether the books part from the shelf by themselves."""
        return any(
            (
                self.opening_wrong_share,
                self.shrinkage_units_per_sku_day,
                self.misput_receipt_share,
                self.miscount_receipt_share,
                self.miscount_return_share,
            )
        )

    @property
    def counts(self) -> bool:
        """Whether anything is ever counted."""
        return self.count_when_zero or self.count_every_days != CountEveryDays()

    @property
    def apart(self) -> bool:
        """Whether books and shelf are kept apart."""
        return self.drift or self.counts
