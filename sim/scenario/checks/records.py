"""Rules on stock records: what may part from the shelf, who counts, what channels show."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.schema import Scenario
from sim.scenario.schema.records import RecordsSection

LEAST_SYNC_MIN = 1.0


def check_records(scenario: Scenario) -> Iterator[Finding]:
    """Books part from a shelf that is counted and whole, for one reason at a time."""
    records = scenario.records
    if records.count_wrong_share and not records.counts:
        yield (
            "records.count_wrong_share",
            f"{records.count_wrong_share:g}, and nothing is counted",
            "0, or counts",
            "set records.count_every_days or records.count_when_zero",
        )
    if not records.apart:
        return
    key = first_key(records)
    if scenario.stock.unlimited:
        yield key, "records of unlimited stock", "stock.unlimited: false", ""
    if scenario.pick_faces.used:
        yield (
            key,
            "records that part from the shelf, with pick faces",
            "pick_faces.used: false",
            "where on face or reserve a unit is missing is not in the model",
        )
    if scenario.picking.short_picks.share_of_lines:
        yield (
            "picking.short_picks.share_of_lines",
            "short picks by chance beside records that part from the shelf",
            "0: pickers find too few where the books are wrong",
            "",
        )


def first_key(records: RecordsSection) -> str:
    """Return the first key that is not as it is by default."""
    plain = RecordsSection()
    names = (name for name in type(records).model_fields)
    return next(f"records.{n}" for n in names if getattr(records, n) != getattr(plain, n))


def check_sync(scenario: Scenario) -> Iterator[Finding]:
    """A channel shows stock that is counted, by figures that are not updated all the time."""
    own = {
        f"orders.channels.{name}.sync_min": channel.sync_min
        for name, channel in scenario.orders.channels.items()
    }
    for path, minutes in {"stock.sync_min": scenario.stock.sync_min, **own}.items():
        if minutes is not None and 0.0 < minutes < LEAST_SYNC_MIN:
            yield path, f"{minutes:g} minutes", "0 (real time), or at least a minute", ""
    if not scenario.stock.unlimited:
        return
    for name, channel in scenario.orders.channels.items():
        if channel.sync_min is not None:
            yield (
                f"orders.channels.{name}.sync_min",
                f"{channel.sync_min:g} minutes, and stock is unlimited",
                "null, or stock.unlimited: false",
                "",
            )
