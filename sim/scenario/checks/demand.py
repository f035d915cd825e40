"""Rules on shares, profiles, channels, laws and counts."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.schema import Law, Scenario
from sim.scenario.schema.base import Section
from sim.scenario.schema.laws import Empirical

SHARE_TOLERANCE = 1e-6
MAX_CHANNELS = 120


def check_shares(scenario: Scenario) -> Iterator[Finding]:
    """Shares of channels and of categories add up to 1."""
    groups = {
        "orders.channels": [c.share for c in scenario.orders.channels.values()],
        "items.categories": [c.share for c in scenario.items.categories.values()],
    }
    for path, shares in groups.items():
        total = math.fsum(shares)
        if abs(total - 1.0) > SHARE_TOLERANCE:
            yield path, f"shares add up to {total:.6g}", "shares that add up to 1", ""


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
    """Lines and units are whole numbers from 1."""
    counts = {
        "orders.lines_per_order": scenario.orders.lines_per_order,
        "orders.units_per_line": scenario.orders.units_per_line,
    }
    for path, law in counts.items():
        values = law.values if isinstance(law, Empirical) else []
        if law.distribution == "deterministic":
            values = [law.value]
        for value in values:
            if value < 1 or value != int(value) or value > 1_000_000:
                yield path, f"{value:g}", "whole numbers from 1 to 1000000", ""
                break
