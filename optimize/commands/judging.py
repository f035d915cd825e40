"""What every ``warelab optimize`` command does with a plan: write it, and have it judged."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.options import (
    jobs_option,
    json_option,
    progress,
    quiet_option,
    seed_option,
    settings_option,
)

if TYPE_CHECKING:
    from optimize.plan import Plan
    from sim.experiments.compare import Comparison

EXIT_NO_PLAN = 4
Decorated = Callable[..., Any]


def plan_options(command: Decorated) -> Decorated:
    """Add the options that all plans share."""
    for option in (
        quiet_option,
        json_option,
        jobs_option,
        click.option("--replications", type=click.IntRange(min=0), default=5, show_default=True,
                     help="Replications that judge the plan; 0 judges nothing."),
        click.option("--write", "write_to", type=click.Path(dir_okay=False, path_type=Path),
                     help="Write the plan file, e.g. plan.yaml; a scenario takes it by plan:."),
        seed_option,
        settings_option,
        click.argument("scenario"),
    ):  # fmt: skip
        command = option(command)
    return command


@dataclass(frozen=True)
class Request:
    """What the planner asked for on the command line."""

    scenario: str
    settings: Sequence[str]
    write_to: Path | None
    replications: int
    jobs: int | None
    as_json: bool
    quiet: bool


def deliver(request: Request, plan: Plan, lines: Sequence[str]) -> None:
    """Print the figures of a plan, write it, judge it, print the verdict."""
    from optimize.plan import write_plan

    if not request.as_json:
        click.echo("\n".join(lines))
    with tempfile.TemporaryDirectory(prefix="warelab-plan-") as folder:
        path = request.write_to or Path(folder) / "plan.yaml"
        try:
            write_plan(path, plan)
        except OSError as error:
            words = f"{path}: {error.strerror or error}"
            raise click.UsageError(f"the plan cannot be written: {words}") from None
        if request.write_to is not None and not request.as_json:
            click.echo(f"plan    {path}")
        comparison = _judged(request, path)
    if request.as_json:
        click.echo(json.dumps(_document(plan, comparison), indent=2, allow_nan=False))
    elif comparison is not None:
        from sim.api import comparison_table

        count = len(comparison.a.outcomes)
        click.echo(f"\nthe simulation's verdict, {count} replications on the same orders:")
        click.echo("\n".join(comparison_table(comparison, ("today", "plan"))))


def _judged(request: Request, path: Path) -> Comparison | None:
    from optimize.judge import judge
    from sim.experiments.run import default_jobs

    if request.replications == 0:
        return None
    with progress(2 * request.replications, "judging", request.quiet) as ticker:
        return judge(
            request.scenario,
            request.settings,
            path,
            replications=request.replications,
            jobs=request.jobs or default_jobs(),
            done=ticker.done,
        )


def _document(plan: Plan, comparison: Comparison | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "kind": plan.kind,
        "scenario": plan.scenario,
        "figures": dict(plan.figures),
    }
    if comparison is not None:
        document["judged"] = {
            name: {
                "today": a.mean if (a := comparison.a.estimates[name]) else None,
                "plan": b.mean if (b := comparison.b.estimates[name]) else None,
                "difference": v.difference.mean if v.difference else None,
                "ci95": [v.difference.lo, v.difference.hi] if v.difference else None,
                "verdict": v.judgement,
            }
            for name, v in comparison.verdicts.items()
        }
    return document
