"""Rules on shares, profiles, channels, laws and counts."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.scenario.checks.finding import Finding, near
from sim.scenario.schema import Law, Scenario
from sim.scenario.schema.base import Section, clock_s
from sim.scenario.schema.laws import Empirical

SHARE_TOLERANCE = 1e-6
MAX_CHANNELS = 120


def check_shares(scenario: Scenario) -> Iterator[Finding]:
    """Shares of channels and of categories add up to 1."""
    groups = {
        "orders.channels": [
            1.0 if c.share is None else c.share
            for c in scenario.orders.channels.values()
            if not any(each.per_day is not None for each in scenario.orders.channels.values())
        ],
        "items.categories": [c.share for c in scenario.items.categories.values()],
    }
    for path, shares in groups.items():
        total = math.fsum(shares)
        if shares and abs(total - 1.0) > SHARE_TOLERANCE:
            yield path, f"shares add up to {total:.6g}", "shares that add up to 1", ""


def check_own_rates(scenario: Scenario) -> Iterator[Finding]:
    """All channels go by share, or all by a rate of their own; a history brings its own orders."""
    orders = scenario.orders
    own = [name for name, each in orders.channels.items() if each.per_day is not None]
    if not own:
        return
    for name, channel in orders.channels.items():
        if channel.per_day is None:
            yield (
                f"orders.channels.{name}",
                f"no rate of its own, but {own[0]} has one",
                "per_day for every channel, or a share for every one",
                "",
            )
        elif channel.share is not None:
            yield (
                f"orders.channels.{name}.share",
                "a share beside per_day",
                "one of the two",
                "share: null takes an inherited share away",
            )
    total = math.fsum(orders.channels[name].per_day or 0.0 for name in own)
    if len(own) == len(orders.channels) and not math.isclose(orders.per_day, total):
        yield (
            "orders.per_day",
            f"{orders.per_day:g}, but the channels' own rates add up to {total:g}",
            "their sum, or nothing",
            "orders.per_day: null takes an inherited one away",
        )


def check_promotions(scenario: Scenario) -> Iterator[Finding]:
    """Promotions are for channels that exist, in whole hours that end after they start."""
    for name, promotion in scenario.orders.promotions.items():
        path = f"orders.promotions.{name}"
        for channel in promotion.channels:
            if channel not in scenario.orders.channels:
                known = tuple(scenario.orders.channels)
                found, expected = f"no channel {channel!r}", f"one of {', '.join(known)}"
                yield f"{path}.channels", found, expected, near(channel, known)
        start_s, end_s = clock_s(promotion.hours.start), clock_s(promotion.hours.end)
        shown = f"{promotion.hours.start} to {promotion.hours.end}"
        if start_s % 3600 or end_s % 3600:
            yield f"{path}.hours", shown, "whole hours", ""
        elif start_s >= end_s:
            yield f"{path}.hours", shown, "a start before the end, on one day", ""


def check_profiles(scenario: Scenario) -> Iterator[Finding]:
    """A profile has a weight above 0 somewhere."""
    orders = scenario.orders
    profiles = {
        "orders.hourly_profile": orders.hourly_profile,
        "orders.weekday_profile": orders.weekday_profile,
        "orders.monthly_profile": orders.monthly_profile,
    }
    for name, channel in orders.channels.items():
        profiles[f"orders.channels.{name}.hourly_profile"] = channel.hourly_profile or [1.0]
        profiles[f"orders.channels.{name}.weekday_profile"] = channel.weekday_profile or [1.0]
        week = channel.hour_of_week_profile
        profiles[f"orders.channels.{name}.hour_of_week_profile"] = week or [1.0]
        profiles[f"orders.channels.{name}.monthly_profile"] = channel.monthly_profile or [1.0]
        if week is not None and (channel.hourly_profile or channel.weekday_profile):
            yield (
                f"orders.channels.{name}.hour_of_week_profile",
                "168 hours beside a profile of hours or weekdays",
                "hour_of_week_profile alone, or the other two",
                "null takes an inherited profile away",
            )
    for path, weights in profiles.items():
        if not any(weights):
            yield path, "all weights are 0", "at least one weight above 0", ""


def check_channels(scenario: Scenario) -> Iterator[Finding]:
    """Every channel uses a carrier service that exists, and there are not too many."""
    services = scenario.shipping.services
    for name, channel in scenario.orders.channels.items():
        if channel.service not in services:
            yield (
                f"orders.channels.{name}.service",
                f"{channel.service!r} is no carrier service",
                f"one of shipping.services: {', '.join(services)}",
                "",
            )
    if len(scenario.orders.channels) > MAX_CHANNELS:
        yield (
            "orders.channels",
            f"{len(scenario.orders.channels)} channels",
            f"at most {MAX_CHANNELS}",
            "",
        )


def check_own_baskets(scenario: Scenario) -> Iterator[Finding]:
    """A channel's mix names categories of the items; a history brings its own orders."""
    categories = tuple(scenario.items.categories)
    history = scenario.orders.source == "history"
    for name, channel in scenario.orders.channels.items():
        path = f"orders.channels.{name}"
        weights = channel.category_weights
        if not history and scenario.items.file is None:
            for category in weights:
                if category not in categories:
                    found, expected = "no category of the items", f"one of {', '.join(categories)}"
                    yield (
                        f"{path}.category_weights.{category}",
                        found,
                        expected,
                        near(category, categories),
                    )
        if weights and not any(weights.values()):
            yield f"{path}.category_weights", "all weights are 0", "at least one weight above 0", ""
        if not history:
            continue
        for key in (
            "per_day",
            "hour_of_week_profile",
            "monthly_profile",
            "orders_at_once",
            "lines_per_order",
            "units_per_line",
            "category_weights",
        ):
            if getattr(channel, key):
                yield (
                    f"{path}.{key}",
                    "beside orders.source: history",
                    "nothing",
                    "an imported history brings its own orders",
                )


def check_laws(scenario: Scenario) -> Iterator[Finding]:
    """Laws are whole: as many weights as values, low below high."""
    for path, law in _laws(scenario, ""):
        if isinstance(law, Empirical):
            if len(law.values) != len(law.weights):
                found = f"{len(law.values)} values and {len(law.weights)} weights"
                yield path, found, "as many weights as values", ""
            elif not any(law.weights):
                yield path, "all weights are 0", "at least one weight above 0", ""
        elif law.distribution == "uniform" and law.low >= law.high:
            yield path, f"low {law.low:g}, high {law.high:g}", "low below high", ""


def _laws(section: Section, path: str) -> Iterator[tuple[str, Law]]:
    """Walk every law of a section, with its key path."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        where = f"{path}.{name}" if path else name
        entries = value.items() if isinstance(value, dict) else [("", value)]
        for key, entry in entries:
            place = f"{where}.{key}" if key else where
            if isinstance(entry, Section):
                if hasattr(entry, "distribution"):
                    yield place, entry  # type: ignore[misc]  # a Section with a distribution is a Law
                else:
                    yield from _laws(entry, place)


def check_counts(scenario: Scenario) -> Iterator[Finding]:
    """Lines, units and orders that come in together are whole numbers from 1."""
    counts = {
        "orders.lines_per_order": scenario.orders.lines_per_order,
        "orders.units_per_line": scenario.orders.units_per_line,
    }
    for name, channel in scenario.orders.channels.items():
        for key in ("orders_at_once", "lines_per_order", "units_per_line"):
            if (own := getattr(channel, key)) is not None:
                counts[f"orders.channels.{name}.{key}"] = own
    for path, law in counts.items():
        values = law.values if isinstance(law, Empirical) else []
        if law.distribution == "deterministic":
            values = [law.value]
        for value in values:
            if value < 1 or value != int(value) or value > 1_000_000:
                yield path, f"{value:g}", "whole numbers from 1 to 1000000", ""
                break
