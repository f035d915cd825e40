"""Rules on release and shipping: every service has trucks, every key given has an effect."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.schema import WEEKDAYS, Scenario
from sim.scenario.schema.shipping import Service


def check_trucks(scenario: Scenario) -> Iterator[Finding]:
    """A service has a truck on some day, cut-offs only where one comes, and room only in trucks."""
    for name, service in scenario.shipping.services.items():
        path = f"shipping.services.{name}"
        days = _pickup_days(service)
        if not days:
            found = "no truck on any day of the week"
            yield f"{path}.pickups_by_day", found, "a truck time on at least one weekday", ""
        for day in service.order_cut_off_by_day:
            if day not in days:
                yield (
                    f"{path}.order_cut_off_by_day.{day}",
                    "a cut-off on a day without a truck",
                    f"one of {', '.join(days)}",
                    f"give truck times: pickups_by_day.{day}",
                )
        if service.continuous and service.is_limited:
            yield (
                f"{path}.continuous",
                "true, and trucks that can be full",
                "false, or no truck_capacity_parcels and truck_capacity_kg",
                "parcels of a continuous service wait for no truck",
            )


def _pickup_days(service: Service) -> list[str]:
    return [
        day
        for day in WEEKDAYS
        if service.pickups_by_day.get(day, service.pickups if day in service.days else [])
    ]


def check_release(scenario: Scenario) -> Iterator[Finding]:
    """A sequence needs shipments that wait, a wave for a truck needs trucks."""
    release, services = scenario.release, scenario.shipping.services
    if release.policy == "waveless" and release.sequence != "first_come":
        yield (
            "release.sequence",
            f"{release.sequence}, and nobody waits: release.policy is waveless",
            "first_come",
            "interval, cut_off_wave, wip_limit let shipments wait; for pickers: picking.sequence",
        )
    if release.policy == "cut_off_wave" and all(s.continuous for s in services.values()):
        found = "cut_off_wave, and no service has trucks"
        yield "release.policy", found, "a service that is not continuous", ""
