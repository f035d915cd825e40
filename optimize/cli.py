"""``warelab optimize``: plan, write the plan, and let the simulator judge it."""

from __future__ import annotations

import click


@click.group()
def optimize() -> None:
    """Plan batches, routes or rosters; the simulation judges each plan."""


def _commands() -> None:
    from optimize.commands.batches import batches
    from optimize.commands.routes import routes
    from optimize.commands.staffing import staffing

    optimize.add_command(batches)
    optimize.add_command(routes)
    optimize.add_command(staffing)


_commands()
