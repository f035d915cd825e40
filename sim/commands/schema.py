"""``warelab schema``: the JSON Schema that editors use."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files.

    Name it in the first lines of a scenario for completion in the editor:
    # yaml-language-server: $schema=scenario.schema.json
    """
    from sim.scenario.json_schema import json_schema_text

    click.echo(json_schema_text(), nl=False)
