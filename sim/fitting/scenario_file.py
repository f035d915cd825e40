"""The fitted scenario as a file: what differs from a bundled scenario, with the source of each."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import escaped
from sim.fitting.figures import Figure, shown_number
from sim.fitting.fit import Fit
from sim.fitting.lag import moved
from sim.fitting.yaml_text import Values, yaml_lines
from sim.scenario.loading import LoadedScenario, load
from sim.scenario.paths import bundled_scenarios
from sim.scenario.schema.laws import CountLaw, Law
from sim.scenario.schema.scenario import Scenario

ITEMS_FILE = "items.csv"
BASE = "baseline"
NOT_TAKEN_OVER = (
    "schema_version", "name", "title", "extends", "plan", "orders.file", "orders.history",
    "items.file",
)  # fmt: skip

OWN_DEMAND = (
    "per_day", "hourly_profile", "weekday_profile", "hour_of_week_profile", "monthly_profile",
    "lines_per_order", "units_per_line", "category_weights",
)  # fmt: skip
"""Keys by which a channel may have a demand of its own."""


def reference_of(base: LoadedScenario) -> tuple[str, LoadedScenario]:
    """Return the bundled scenario that the file extends: the base itself, else the baseline."""
    for name, file in bundled_scenarios().items():
        if file.resolve() == base.file.resolve():
            return name, load(name)
    return BASE, load(BASE)


def scenario_text(
    fit: Fit,
    base: LoadedScenario,
    name: str,
    figures: tuple[Figure, ...],
    columns: Mapping[str, Any],
) -> str:
    """Return the YAML text of the fitted scenario.

    Parameters
    ----------
    fit, figures
        The laws, and the table that says how each came about.
    base
        What the history does not say; a base of the user's own is written out.
    name
        Of the scenario.
    columns
        How the file was read, as ``orders.history`` says it; written for the next import.
    """
    parent, reference = reference_of(base)
    values: Values = _differences(base.resolved, reference.resolved, "")
    notes: dict[tuple[str, ...], str] = {}
    by_key: dict[str, list[Figure]] = {}
    for each in figures:
        if each.key and each.origin != "default":
            by_key.setdefault(each.key, []).append(each)
    read = _differences(columns, reference.resolved["orders"]["history"], "")
    if read:
        _put(values, ("orders", "history"), read)
        notes["orders", "history"] = "how the file was read"
    for path, value, key in _fitted(fit, base):
        if value is None and not _is_there(reference.resolved, path):
            _drop(values, path)
        else:
            _put(values, path, value)
        told = [_note(each) for each in by_key.get(key, [])]
        if told:
            notes[path] = "; ".join(told)
    report = fit.history.report
    of = parent if parent == base.scenario.name else f"{parent} and {base.scenario.name}"
    days = f"{report.first_day} to {report.last_day}"
    head = f"""\
# What would another plan have done with the orders of {_one_line(Path(report.file).name)}?
# Written by `warelab import`: {report.rows:,} rows, orders of {days}. fitted.md
# says from how many rows each figure came, and which figures are defaults. Staff, floor and work
# times are those of {of}: put in your own before you read a KPI of them.
schema_version: 1
name: {name}
title: "Fitted to {shown_number(report.orders)} orders of {days}"
extends: {parent}"""
    return "\n".join([head, *yaml_lines(_in_order(values), notes)]) + "\n"


def items_text(fit: Fit) -> str:
    """Return the catalogue as CSV: what was sold at which price, how often, how often it came back.

    Weight, volume, sides and fragility are drawn from the laws of the categories, as for an
    imported history: no export knows them.
    """
    catalogue = fit.history.catalogue
    rates = catalogue.return_rate
    if fit.returns is not None:
        rates = fit.returns.rate_of_sku * fit.returns_kept
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["sku", "category", "price_eur", "cost_eur", "weight_g", "length_mm",
                     "width_mm", "height_mm", "fragile", "return_rate", "popularity"])  # fmt: skip
    for k, code in enumerate(catalogue.codes):
        sides = catalogue.sides_mm[k]
        writer.writerow([
            code,
            catalogue.categories[catalogue.category[k]],
            f"{catalogue.price_cents[k] / 100:.2f}",
            f"{catalogue.cost_cents[k] / 100:.2f}",
            f"{catalogue.weight_g[k]:.6g}",
            *(f"{side:.6g}" for side in sides),
            "true" if catalogue.fragile[k] else "false",
            f"{rates[k]:.6g}",
            f"{fit.popularity.weights[k]:.9g}",
        ])  # fmt: skip
    return stream.getvalue()


def _fitted(fit: Fit, base: LoadedScenario) -> list[tuple[tuple[str, ...], object, str]]:
    """Return each fitted value with its path and the key under which the figures know it."""
    rhythm, buyers = fit.rhythm, fit.buyers
    orders = "orders"
    found: list[tuple[tuple[str, ...], object, str]] = [
        (("run", "start_date"), fit.period.first.isoformat(), ""),
        (("run", "horizon_days"), fit.period.days, ""),
        ((orders, "source"), "generated", ""),
        ((orders, "file"), None, ""),
        ((orders, "per_day"), _rounded(rhythm.per_day), "orders.per_day"),
    ]
    if rhythm.timed and not rhythm.product.rejects:
        key = "orders.hourly_profile, orders.weekday_profile"
        found.append(((orders, "hourly_profile"), rhythm.hours.tolist(), key))
    if not (rhythm.timed and rhythm.product.rejects):
        weekdays = [_rounded(value) for value in rhythm.weekdays]
        found.append(((orders, "weekday_profile"), weekdays, ""))
    months = [_rounded(value) for value in rhythm.months]
    found.append(((orders, "monthly_profile"), months, "orders.monthly_profile"))
    found.append(((orders, "day_cv"), _rounded(rhythm.day_cv), "orders.day_cv"))
    if base.scenario.orders.promotions:
        found.append(((orders, "promotions"), None, ""))
    found += _channels(fit, base)
    for key, count in (("lines_per_order", fit.lines), ("units_per_line", fit.units)):
        found.append(((orders, key), _law(count.law), f"orders.{key}"))
    if buyers.orders_per_year is not None and buyers.shape is not None:
        keys = (("orders_per_year", buyers.orders_per_year), ("rate_shape", buyers.shape))
        found += [(("customers", key), _rounded(value), f"customers.{key}") for key, value in keys]
    found.append((("items", "file"), ITEMS_FILE, "items.file"))
    aisles = _aisles(fit, base)
    if aisles:
        found.append((("warehouse", "layout", "aisles"), aisles, ""))
    if fit.returns is not None:
        found.append((("returns", "late_return_extra"), 0, ""))
        if fit.returns.lag.law is not None:
            law = moved(fit.returns.lag.law, *fit.away_days)
            found.append((("returns", "lag_days"), _law(law), "returns.lag_days"))
    return found


def _channels(fit: Fit, base: LoadedScenario) -> list[tuple[tuple[str, ...], object, str]]:
    """Return the channels of the file; without a column for them, the first one takes all.

    What a channel of the base says of its own demand goes: the history speaks of all of them.
    """
    demand, rhythm = fit.history.demand, fit.rhythm
    declared = base.resolved["orders"]["channels"]
    week = [_rounded(value) for value in rhythm.week]
    whole_week = rhythm.timed and rhythm.product.rejects
    found: list[tuple[tuple[str, ...], object, str]] = []
    for name, count in zip(demand.channels, fit.channels, strict=True):
        place = ("orders", "channels", name)
        if count == 0:
            found.append((place, None, ""))
            continue
        found.append(((*place, "share"), count / demand.orders, "orders.channels"))
        own = [key for key in OWN_DEMAND if declared.get(name, {}).get(key)]
        found += [((*place, key), None, "") for key in own]
        if whole_week:
            key = "orders.channels.*.hour_of_week_profile"
            found.append(((*place, "hour_of_week_profile"), week, key))
    gone = [name for name in declared if name not in demand.channels]
    found += [(("orders", "channels", name), None, "") for name in gone]
    return found


def _aisles(fit: Fit, base: LoadedScenario) -> int:
    """Return how many aisles the SKUs need where the base has too few; 0 where it has enough."""
    plan = base.scenario.warehouse.layout
    if plan.locations_file is not None:
        return 0
    an_aisle = 2 * plan.positions_per_side * plan.levels
    skus = fit.history.catalogue.count
    return 0 if plan.aisles * an_aisle >= skus else math.ceil(skus / an_aisle)


def _law(law: Law | CountLaw) -> Values:
    """Return a law whose single numbers have six digits."""
    values = law.model_dump(mode="json")
    return {key: _rounded(v) if isinstance(v, float) else v for key, v in values.items()}


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def _note(each: Figure) -> str:
    rows = f"{each.rows:,} {each.of}" if each.rows else ""
    interval = ""
    if each.low is not None and each.high is not None:
        interval = f", 95 %: {shown_number(each.low)} to {shown_number(each.high)}"
    words = f"{each.name}: {each.words}{interval}"
    return ", ".join(part for part in (words, rows and f"from {rows}", each.method) if part)


def _one_line(text: str) -> str:
    return escaped(text)[:60]


def _is_there(values: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    for key in path[:-1]:
        inner = values.get(key)
        if not isinstance(inner, dict):
            return False
        values = inner
    return values.get(path[-1]) is not None


def _drop(values: Values, path: tuple[str, ...]) -> None:
    for key in path[:-1]:
        inner = values.get(key)
        if not isinstance(inner, dict):
            return
        values = inner
    values.pop(path[-1], None)


def _put(values: Values, path: tuple[str, ...], value: object) -> None:
    for key in path[:-1]:
        inner = values.get(key)
        if not isinstance(inner, dict):
            inner = values[key] = {}
        values = inner
    values[path[-1]] = value


def _in_order(values: Values) -> Values:
    """Return sections in the order of the schema."""
    names = [name for name in Scenario.model_fields if name in values]
    return {name: values[name] for name in names}


def _differences(values: Mapping[str, Any], below: Mapping[str, Any], above: str) -> Values:
    """Return what a file that extends ``below`` must say to mean ``values``."""
    found: Values = {}
    for key, value in values.items():
        path = f"{above}.{key}" if above else key
        if path in NOT_TAKEN_OVER:
            continue
        if key not in below:
            found[key] = value
            continue
        other = below[key]
        if value == other:
            continue
        same_kind = isinstance(value, dict) and isinstance(other, dict)
        if same_kind and value.get("distribution") == other.get("distribution"):
            found[key] = _differences(value, other, path)
        else:
            found[key] = value
    found.update({key: None for key in below if key not in values})
    return found
