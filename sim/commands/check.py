"""``warelab check``: every problem of every file, without playing anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sim.commands.options import json_option, settings_option

if TYPE_CHECKING:
    from sim.scenario.loading import LoadedScenario


@click.command()
@click.argument("files", nargs=-1, required=True)
@settings_option
@json_option
@click.option("--show", is_flag=True, help="Print the whole scenario, each value with its origin.")
def check(files: tuple[str, ...], settings: tuple[str, ...], as_json: bool, show: bool) -> None:
    """Say everything that is wrong with scenario files (or bundled names)."""
    from dataclasses import asdict

    from sim.errors import ScenarioError
    from sim.kpis.targets import check_targets
    from sim.scenario.loading import load_many

    try:
        loaded = load_many(files, settings=settings)
        check_targets(loaded)
    except ScenarioError as error:
        if as_json:
            click.echo(json.dumps({"problems": [asdict(p) for p in error.problems]}, indent=2))
            raise click.exceptions.Exit(2) from None
        raise
    if as_json:
        click.echo(json.dumps({"problems": [], "scenarios": [one.resolved for one in loaded]}))
        return
    for one in loaded:
        if show:
            _show(one)
        click.echo(f"{one.scenario.name}: no problems")


def _show(loaded: LoadedScenario) -> None:
    """Print every value with its origin."""
    from sim.report.tables import shown

    for path, value in _leaves(loaded.resolved, ""):
        words = json.dumps(value, ensure_ascii=False)
        click.echo(shown(f"{path}: {words}  # {loaded.origin(path)}"))


def _leaves(value: object, path: str) -> list[tuple[str, object]]:
    """Return every value that is no map, with its key path."""
    if isinstance(value, dict) and value:
        return [
            leaf
            for key, inner in value.items()
            for leaf in _leaves(inner, f"{path}.{key}" if path else str(key))
        ]
    return [(path, value)]
