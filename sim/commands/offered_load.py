"""What is said before a run: roles that have more work than they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.engine.setting import Setting


def say_offered_load(setting: Setting) -> None:
    """Say on stderr which roles have 0.95 or more of the work that they can do.

    The look at a scenario takes less than a tenth of a second; it is left out where one look is
    dear, that is where a routing rule prices each tour by a search of its own.
    """
    from sim.experiments.explain.offered import offered_load
    from sim.experiments.explain.offered_text import overload_notes

    if not _is_cheap(setting):
        return
    for line in overload_notes(offered_load(setting)):
        click.echo(line, err=True)


def _is_cheap(setting: Setting) -> bool:
    from sim.policies.routing import ROUTING

    picking, scenario = setting.scenario.picking, setting.scenario
    by_law = picking.time_s is not None or picking.tour_time_s is not None
    routes = by_law or (picking.routing in ROUTING)
    return routes and (scenario.customers.law == "steady" or setting.history is not None)
