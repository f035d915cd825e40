"""``warelab doctor``: versions, and what this machine offers."""

from __future__ import annotations

import json
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import click

from sim.commands.options import json_option

PACKAGES = (
    "warelab", "simpy", "numpy", "scipy", "ortools", "pandas", "pyarrow", "matplotlib", "pydantic",
    "ruamel.yaml", "click", "rich", "jinja2",
)  # fmt: skip


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Show versions and what this machine offers; exit 2 if something is missing."""
    from sim.experiments.run import default_jobs
    from sim.scenario.paths import bundled_scenarios

    found = {name: _version(name) for name in PACKAGES}
    facts = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": default_jobs(),
        "bundled scenarios": ", ".join(bundled_scenarios()),
        "packages": found,
    }
    missing = [name for name, number in found.items() if number is None]
    if as_json:
        click.echo(json.dumps(facts, indent=2))
    else:
        for name, value in facts.items():
            if name != "packages":
                click.echo(f"{name:18s} {value}")
        for name, number in found.items():
            click.echo(f"{name:18s} {number or 'MISSING'}")
    if not (3, 11) <= sys.version_info < (3, 14):
        click.echo("this Python has not been tested: use 3.11, 3.12 or 3.13", err=True)
    if missing:
        click.echo(f"missing: {', '.join(missing)}; install the pins of the lock file", err=True)
        raise click.exceptions.Exit(2)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
