"""``warelab compare``: the first scenario against each of the others, on the same orders."""

from __future__ import annotations

import json

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


@click.command()
@click.argument("scenarios", nargs=-1, required=True)
@settings_option
@replications_option
@seed_option
@jobs_option
@json_option
@quiet_option
def compare(
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    jobs: int | None,
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
            comparison = compare_runs(runs[0], other)
        except ValueError as error:
            raise click.UsageError(f"{error}; give one with --seed") from None
        if as_json:
            documents.append(
                {
                    "a": runs[0].scenario.name,
                    "b": other.scenario.name,
                    "differences": {
                        name: {
                            "mean": v.difference.mean if v.difference else None,
                            "ci95": [v.difference.lo, v.difference.hi] if v.difference else None,
                            "verdict": v.judgement,
                        }
                        for name, v in comparison.verdicts.items()
                    },
                }
            )
            continue
        head = f"{other.scenario.name} against {runs[0].scenario.name}"
        click.echo(f"{head}: {count} replications on the same orders")
        click.echo("\n".join(comparison_table(comparison)) + "\n")
    if as_json:
        click.echo(json.dumps(documents, indent=2, allow_nan=False))
