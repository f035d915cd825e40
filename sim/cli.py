"""The command ``warelab``: results on stdout, progress and messages on stderr.

Exit codes: 0 fine; 1 a replication ended its process again and again; 2 bad command, file or
scenario, a disk that takes nothing, or a cluster that cannot be used; 3 a target was missed; 4 the
optimiser found no plan; 130 interrupted. Heavy libraries are imported by the command that needs
them.
"""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from typing import Any

import click

from sim.errors import ClusterError, ScenarioError, StoreError, WorkerDied

EXIT_CRASHED, EXIT_BAD_INPUT, EXIT_TARGET_MISSED, EXIT_NO_PLAN, EXIT_INTERRUPTED = 1, 2, 3, 4, 130

COMMANDS = {
    "run": "sim.commands.run:run",
    "check": "sim.commands.check:check",
    "merge": "sim.commands.merge:merge",
    "compare": "sim.commands.compare:compare",
    "bench": "sim.commands.bench:bench",
    "sweep": "sim.commands.sweep:sweep",
    "sensitivity": "sim.commands.sensitivity:sensitivity",
    "explain": "sim.commands.explain:explain",
    "import": "sim.commands.import_history:import_history",
    "report": "sim.commands.runs:report",
    "list": "sim.commands.runs:list_runs",
    "show": "sim.commands.runs:show",
    "validate": "sim.commands.validate:validate",
    "schema": "sim.commands.schema:schema",
    "doctor": "sim.commands.doctor:doctor",
}
SUMMARIES = {
    "run": "Play a scenario and print its KPIs.",
    "check": "Say everything that is wrong with scenario files.",
    "merge": "Make one run of the shards of several machines.",
    "compare": "Compare scenarios on the same orders.",
    "bench": "Play a suite of policies, and hold it against a baseline.",
    "sweep": "Vary keys of a scenario and choose the best cell.",
    "sensitivity": "Say which dials of a scenario move which KPI.",
    "explain": "Say who limits a scenario, where its hours go and what helps.",
    "import": "Fit a scenario to a shop's order history.",
    "report": "Write the HTML report of a run anew.",
    "list": "List bundled scenarios and finished runs.",
    "show": "Print the KPIs of a finished run.",
    "validate": "Reproduce exact answers with ordinary scenarios.",
    "schema": "Print the JSON Schema of scenario files.",
    "doctor": "Show versions and what this machine offers.",
    "optimize": "Plan routes or rosters and judge the plan.",
}


class LazyGroup(click.Group):
    """Commands whose modules are imported when they are called; plug-ins come by entry point."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names of all commands, plug-ins last."""
        plugged = sorted(point.name for point in entry_points(group="warelab.commands"))
        return [*COMMANDS, *(name for name in plugged if name not in COMMANDS)]

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  # click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Return a command by name."""
        import importlib

        if cmd_name in COMMANDS:
            module, name = COMMANDS[cmd_name].split(":")
            command = getattr(importlib.import_module(module), name)
            return command if isinstance(command, click.Command) else None
        for point in entry_points(group="warelab.commands"):
            if point.name == cmd_name:
                loaded = point.load()
                return loaded if isinstance(loaded, click.Command) else None
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; suggest the nearest names for an unknown one."""
        import difflib

        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        rows = [(name, SUMMARIES.get(name, "")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="warelab", prog_name="warelab")
def cli() -> None:
    """Play order fulfilment from the click in the shop to the refund after a return."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every foreseen failure is a message and an exit code."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code: Any = cli.main(args=arguments, prog_name="warelab", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return EXIT_INTERRUPTED
    except ScenarioError as error:
        for line in error.lines():
            click.echo(line, err=True)
        return EXIT_BAD_INPUT
    except (StoreError, ClusterError) as error:
        click.echo(str(error), err=True)
        return EXIT_BAD_INPUT
    except WorkerDied as error:
        click.echo(str(error), err=True)
        return EXIT_CRASHED
    return code if isinstance(code, int) else 0
