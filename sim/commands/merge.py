"""``warelab merge``: the shards that several machines played become one run."""

from __future__ import annotations

import time
from pathlib import Path

import click

from sim.commands.options import (
    all_kpis_option,
    json_option,
    quiet_option,
    replications_option,
    report_option,
    results_option,
    seed_option,
    settings_option,
    with_run_settings,
)


@click.command()
@click.argument("scenario")
@click.argument("shards", nargs=-1, type=click.Path(exists=True, path_type=Path))
@settings_option
@replications_option
@seed_option
@report_option
@all_kpis_option
@results_option
@json_option
@quiet_option
def merge(
    scenario: str,
    shards: tuple[Path, ...],
    settings: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    report: bool,
    all_kpis: bool,
    results: Path,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make one run of SCENARIO from its SHARDS: results folders or store files.

    Without SHARDS those in --results are taken. The run is the one that ``warelab run`` would have
    written, byte by byte; nothing is played.
    """
    from sim.commands.keeping import aloud
    from sim.commands.run import keep, repeat_command, say, say_targets
    from sim.engine.setting import prepare
    from sim.experiments.run import execute
    from sim.experiments.shards import gather, open_store
    from sim.scenario.loading import load

    began = time.monotonic()
    loaded = load(scenario, settings=with_run_settings(settings, seed, replications))
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    wanted = list(range(loaded.scenario.run.replications))
    command = repeat_command(scenario, settings, seed, replications, None)
    with open_store(results, loaded, say=aloud) as store:
        gather(store, shards or (results,), loaded, say=aloud)
        if missing := store.missing(wanted, wanted[0]):
            named = ", ".join(str(number) for number in missing[:10])
            more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
            raise click.UsageError(
                f"{len(missing)} of {len(wanted)} replications are in no shard: {named}{more}; "
                f"name the other shards too, or play what is missing: {command}"
            )
        played = execute(loaded, replications=wanted, setting=setting, store=store)
        target = keep(played, results, command, events=False, report=report, quiet=quiet)
    say(played, setting, time.monotonic() - began, target, all_kpis, as_json)
    say_targets(played, as_json)
