"""``warelab explain``: who limits a scenario; where its hours go and what helps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.options import (
    chosen_form,
    cluster_option,
    executor_of,
    format_option_of,
    jobs_of,
    jobs_option,
    json_option,
    no_cache_option,
    progress,
    quiet_option,
    results_option,
    seed_option,
    settings_option,
    with_run_settings,
)

if TYPE_CHECKING:
    from sim.experiments.explain.played import Play
    from sim.experiments.run import Run
    from sim.scenario.loading import LoadedScenario

DEFAULT_REPLICATIONS = 10


@click.command()
@click.argument("scenario")
@settings_option
@click.option("--played", is_flag=True, help="Play it, and each lever on the same orders.")
@click.option(
    "--replications", type=click.IntRange(min=2), default=DEFAULT_REPLICATIONS,
    show_default=True, help="Replications of each play; with --played.",
)  # fmt: skip
@seed_option
@jobs_option
@cluster_option
@results_option
@no_cache_option
@format_option_of("text", "md", "json")
@json_option
@quiet_option
def explain(
    scenario: str,
    settings: tuple[str, ...],
    played: bool,
    replications: int,
    seed: int | None,
    jobs: int | None,
    cluster: str | None,
    results: Path,
    no_cache: bool,
    form: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say who limits SCENARIO (a file or a bundled name) before anything is played.

    With --played also where an order's hours went, and what one more of anything is worth.
    """
    from sim.engine.setting import prepare
    from sim.experiments.explain.offered import offered_load
    from sim.experiments.explain.offered_text import offered_document, offered_lines
    from sim.scenario.loading import load

    form = chosen_form(form, as_json)
    words = tuple(with_run_settings(settings, seed, None))
    loaded = load(scenario, settings=words)
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    offered = offered_load(setting)
    document = offered_document(offered)
    if form != "json":
        click.echo("\n".join(offered_lines(offered, form)))
    if played:
        from sim.experiments.explain.played import explain_played
        from sim.experiments.explain.played_text import played_document, played_lines

        play = _play(replications, jobs, cluster, None if no_cache else results, quiet=quiet)
        found = explain_played(scenario, words, play)
        document["played"] = played_document(found)
        if form != "json":
            click.echo("\n" + "\n".join(played_lines(found, form)))
    if form == "json":
        click.echo(json.dumps(document, indent=2, allow_nan=False))


def _play(
    replications: int, jobs: int | None, cluster: str | None, results: Path | None, *, quiet: bool
) -> Play:
    """Return what plays a scenario, by the store of its replications unless ``results`` is None."""
    from sim.commands.keeping import keeping
    from sim.experiments.run import execute

    at_once, wanted = jobs_of(jobs, cluster), range(replications)

    def play(loaded: LoadedScenario, words: str) -> Run:
        with (
            keeping(
                results or Path(), loaded, wanted, None,
                cache=results is not None, resume=False, quiet=quiet,
            ) as store,
            progress(replications, words, quiet) as ticker,
        ):  # fmt: skip
            return execute(
                loaded,
                replications=wanted,
                jobs=at_once,
                executor=executor_of(cluster),
                store=store,
                done=ticker.done,
                progress=ticker.at,
            )

    return play
