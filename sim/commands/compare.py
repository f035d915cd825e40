"""``warelab compare``: the first scenario against each of the others, on the same orders."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sim.commands.options import (
    jobs_option,
    json_option,
    progress,
    quiet_option,
    replications_option,
    seed_option,
    settings_option,
    with_run_settings,
)

if TYPE_CHECKING:
    from sim.experiments.compare import Comparison


@click.command()
@click.argument("scenarios", nargs=-1, required=True)
@settings_option
@replications_option
@seed_option
@jobs_option
@click.option(
    "--kpi", "kpis", multiple=True, metavar="NAME",
    help="Compare this KPI too, e.g. --kpi oversale_rate; names: docs/kpis.md.",
)  # fmt: skip
@json_option
@quiet_option
def compare(
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    kpis: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare the first of SCENARIOS with each other one; differences are paired."""
    from sim.api import comparison_table
    from sim.experiments.compare import compare_runs
    from sim.experiments.run import default_jobs, execute
    from sim.scenario.loading import load_many

    if len(scenarios) < 2:
        raise click.UsageError("name at least two scenarios")
    family = family_with(kpis)
    loaded = load_many(scenarios, settings=with_run_settings(settings, seed, replications))
    count = min(one.scenario.run.replications for one in loaded)
    runs = []
    for one in loaded:
        with progress(count, one.scenario.name, quiet) as ticker:
            runs.append(
                execute(
                    one,
                    replications=range(count),
                    jobs=jobs or default_jobs(),
                    done=ticker.done,
                    progress=ticker.at,
                )
            )
    documents = []
    for other in runs[1:]:
        try:
            comparison = compare_runs(runs[0], other, family)
        except ValueError as error:
            raise click.UsageError(f"{error}; give one with --seed") from None
        if as_json:
            documents.append(comparison_document(comparison))
            continue
        head = f"{other.scenario.name} against {runs[0].scenario.name}"
        click.echo(f"{head}: {count} replications on the same orders")
        click.echo("\n".join(comparison_table(comparison)) + "\n")
    if as_json:
        click.echo(json.dumps(documents, indent=2, allow_nan=False))


def family_with(named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headline KPIs and the named ones, each once.

    Raises
    ------
    click.UsageError
        A name is no KPI; the nearest one is named.
    """
    from sim.errors import shown_value
    from sim.kpis import KPIS
    from sim.kpis.headline import HEADLINE
    from sim.scenario.problems import suggestion

    for name in named:
        if name not in KPIS:
            hint = suggestion(name, KPIS) or "docs/kpis.md names them all"
            raise click.UsageError(f"--kpi: found {shown_value(name)}; expected a KPI; {hint}")
    return tuple(dict.fromkeys((*HEADLINE, *named)))


def comparison_document(comparison: Comparison) -> dict[str, object]:
    """Return a comparison as JSON shows it; where neither way is better the verdict is null."""
    differences: dict[str, object] = {}
    for name in comparison.family:
        found, verdict = comparison.difference(name), comparison.verdicts.get(name)
        differences[name] = {
            "mean": found.mean if found else None,
            "ci95": [found.lo, found.hi] if found else None,
            "verdict": verdict.judgement if verdict else None,
        }
    return {
        "a": comparison.a.scenario.name,
        "b": comparison.b.scenario.name,
        "differences": differences,
    }
