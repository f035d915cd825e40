"""``warelab run``: play a scenario, print its KPIs, write the run folder."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.offered_load import say_offered_load
from sim.commands.options import (
    EXIT_NOT_MET,
    all_kpis_option,
    cluster_option,
    executor_of,
    jobs_of,
    jobs_option,
    json_option,
    no_cache_option,
    progress,
    quiet_option,
    replications_option,
    report_option,
    results_option,
    seed_option,
    settings_option,
    with_run_settings,
)

if TYPE_CHECKING:
    from sim.engine.setting import Setting
    from sim.experiments.run import Run
    from sim.experiments.shards import Shard
    from sim.experiments.store import Store
    from sim.experiments.until_precise import PreciseRun
    from sim.scenario.loading import LoadedScenario


@click.command()
@click.argument("scenario")
@settings_option
@replications_option
@seed_option
@jobs_option
@cluster_option
@click.option("--replication", type=click.IntRange(min=0), help="Play this one replication alone.")
@click.option(
    "--until-precision",
    "precision",
    metavar="SHARE",
    help="Play until the 95 % intervals are this narrow, as 2% of the mean.",
)
@click.option(
    "--max-replications",
    "most",
    type=click.IntRange(min=10),
    metavar="N",
    help="Replications at most, with --until-precision.  [default: 200]",
)
@click.option(
    "--kpi",
    "kpis",
    multiple=True,
    metavar="NAME",
    help="A KPI that must be precise; may be repeated.  [default: headline KPIs with targets]",
)
@click.option("--resume", is_flag=True, help="Go on with a run; refuse if nothing of it is kept.")
@no_cache_option
@click.option("--shard", "share", metavar="I/N", help="Play the I-th of N shares; then merge.")
@click.option("--events", is_flag=True, help="Write the event log of the first replication.")
@report_option
@click.option("--open", "open_it", is_flag=True, help="Open the report in the browser.")
@all_kpis_option
@results_option
@json_option
@quiet_option
def run(
    scenario: str,
    settings: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    cluster: str | None,
    replication: int | None,
    precision: str | None,
    most: int | None,
    kpis: tuple[str, ...],
    resume: bool,
    no_cache: bool,
    share: str | None,
    events: bool,
    report: bool,
    open_it: bool,
    all_kpis: bool,
    results: Path,
    as_json: bool,
    quiet: bool,
) -> None:
    """Play SCENARIO (a file or a bundled name) and print its KPIs."""
    from sim.commands.keeping import keeping
    from sim.engine.setting import prepare
    from sim.experiments.run import execute
    from sim.experiments.until_precise import MOST, until_precise
    from sim.scenario.loading import load

    began = time.monotonic()
    shard = _shard(share, replication=replication, no_cache=no_cache)
    if resume and no_cache:
        raise click.UsageError("--resume and --no-cache: only one of them")
    narrow = _precision(precision, most, kpis, replications, replication, share)
    loaded = load(scenario, settings=with_run_settings(settings, seed, replications))
    if narrow is not None:
        _check_kpis(loaded, kpis)
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    if setting.history is not None and not as_json:
        for line in setting.history.report.lines():
            click.echo(line)
        click.echo()
    say_offered_load(setting)
    at_once = jobs_of(jobs, cluster)
    count = loaded.scenario.run.replications if narrow is None else most or MOST
    wanted = list(range(count)) if replication is None else [replication]
    command = repeat_command(
        scenario, settings, seed, replications, replication,
        precision=narrow, most=most, kpis=kpis,
    )  # fmt: skip
    precise: PreciseRun | None = None
    with (
        keeping(
            results, loaded, wanted, shard, cache=not no_cache, resume=resume, quiet=quiet
        ) as store,
        progress(len(wanted), loaded.scenario.name, quiet) as ticker,
    ):
        how: dict[str, Any] = {
            "jobs": at_once,
            "setting": setting,
            "executor": executor_of(cluster),
            "store": store,
            "done": ticker.done,
            "progress": ticker.at,
        }
        if narrow is None:
            numbers = wanted if shard is None else shard.of(wanted)
            played = execute(loaded, replications=numbers, orders_of=wanted[0], **how)
        else:
            precise = until_precise(loaded, narrow, kpis=kpis, most=count, **how)
            played = precise.run
        target = None
        if shard is None:
            target = keep(played, results, command, events=events, report=report, quiet=quiet)
    if shard is not None or target is None:  # no run yet
        _say_share(played, shard, store, command, as_json)
        return
    seconds = time.monotonic() - began
    say(played, setting, seconds, target, all_kpis, as_json, precise=precise)
    if open_it and report:
        click.launch(str(target / "report.html"))
    say_targets(played, as_json)


def keep(
    played: Run, results: Path, command: str, *, events: bool, report: bool, quiet: bool
) -> Path:
    """Write the folder of a run and return its path."""
    from sim.experiments.run_folder import write_run

    if not quiet:
        click.echo("writing the run folder", err=True)

    def further(folder: Path) -> None:
        if events:
            write_events(played, folder / "events.parquet")
        if report:
            write_html(played, command, folder / "report.html")

    try:
        return write_run(played, results, command, further=further)
    except OSError as error:
        words = f"{error.filename or results}: {error.strerror or error}"
        raise click.UsageError(
            f"the run folder cannot be written: {words}; make room there, or choose another folder "
            "with --results"
        ) from None


def _precision(
    precision: str | None,
    most: int | None,
    kpis: Sequence[str],
    replications: int | None,
    replication: int | None,
    share: str | None,
) -> float | None:
    """Return the precision asked for; refuse options that do not go together."""
    from sim.commands.amounts import amount_named
    from sim.experiments.gates import SHARE

    if precision is None:
        if most is not None or kpis:
            raise click.UsageError("--max-replications and --kpi go with --until-precision only")
        return None
    given = {"--replications": replications, "--replication": replication, "--shard": share}
    for name, value in given.items():
        if value is not None:
            raise click.UsageError(f"--until-precision and {name}: only one of them")
    return amount_named("--until-precision", precision, SHARE).value


def _check_kpis(loaded: LoadedScenario, kpis: Sequence[str]) -> None:
    from sim.experiments.until_precise import kpis_to_wait_for

    try:
        kpis_to_wait_for(loaded, kpis)
    except ValueError as error:
        raise click.UsageError(f"--kpi: {error}") from None


def say(
    played: Run,
    setting: Setting,
    seconds: float,
    target: Path,
    all_kpis: bool,
    as_json: bool,
    *,
    precise: PreciseRun | None = None,
) -> None:
    """Print a run: its KPIs, what is to be said of them, and where its folder is."""
    from sim.experiments.run_folder import kpis_document

    if as_json:
        document = kpis_document(played)
        if precise is not None:
            document["precision"] = precise.document()
        click.echo(json.dumps(document, indent=2, allow_nan=False))
        return
    for line in run_lines(played, setting, seconds, all_kpis):
        click.echo(line)
    if precise is not None:
        click.echo(precise.line())
    page = target / "report.html"
    click.echo(f"report  {page}" if page.exists() else f"folder  {target}")


def _shard(share: str | None, *, replication: int | None, no_cache: bool) -> Shard | None:
    if share is None:
        return None
    from sim.experiments.shards import shard_named

    if replication is not None or no_cache:
        raise click.UsageError("--shard goes with neither --replication nor --no-cache")
    try:
        return shard_named(share)
    except ValueError as error:
        raise click.UsageError(f"--shard: {error}") from None


def _say_share(
    played: Run, shard: Shard | None, store: Store | None, command: str, as_json: bool
) -> None:
    numbers = [outcome.replication for outcome in played.outcomes]
    path = str(store.path) if store else ""
    if as_json:
        click.echo(json.dumps({"shard": str(shard), "replications": numbers, "store": path}))
        return
    click.echo(f"{played.scenario.name}   shard {shard}: {len(numbers)} replications in {path}")
    merge = command.replace(" run ", " merge ", 1)
    click.echo(f"when all shards are played: {merge} RESULTS...")


def say_targets(played: Run, as_json: bool) -> None:
    """Say how many targets were missed; if any, end with exit code 3."""
    missed = [target for target in played.targets if target.verdict != "met"]
    if played.targets and not as_json:
        total = len(played.targets)
        words = f"{len(missed)} of {total} targets missed" if missed else f"all {total} targets met"
        click.echo(words)
    if missed:
        raise click.exceptions.Exit(EXIT_NOT_MET)


def run_lines(played: Run, setting: Setting, seconds: float, all_kpis: bool) -> list[str]:
    """Return what the terminal shows of a run."""
    from sim.experiments.verdict import verdict_of
    from sim.kpis import KPIS
    from sim.kpis.headline import HEADLINE
    from sim.report.terminal import kpi_lines

    section = played.scenario.run
    count = len(played.outcomes)
    orders = setting.history is not None
    window = f"{section.horizon_days:g} days" + (
        " of the history" if orders else f" after {section.warm_up_days:g} days warm-up"
    )
    head = (
        f"{played.scenario.name}   {count} replication{'s' if count != 1 else ''} x {window}   "
        f"seed {section.seed}   {seconds:.1f} s"
    )
    targets = {t.kpi: (t.bound, t.verdict) for t in played.targets}
    names = tuple(KPIS) if all_kpis else HEADLINE
    lines = [head, "", *kpi_lines(played.estimates, targets, names), "", played.outcomes[0].balance]
    still_open = sum(outcome.still_open for outcome in played.outcomes)
    if still_open:
        lines.append(
            f"note: {still_open} orders were still open when the follow-up time ran out "
            "(run.follow_up_days); they are in no lead time"
        )
    return lines + verdict_of(played).lines()


def repeat_command(
    scenario: str,
    settings: Sequence[str],
    seed: int | None,
    replications: int | None,
    replication: int | None,
    *,
    precision: float | None = None,
    most: int | None = None,
    kpis: Sequence[str] = (),
) -> str:
    """Return the command line that plays the same again."""
    words = ["warelab", "run", scenario]
    for setting in settings:
        words += ["--set", setting]
    for name, value in (
        ("--seed", seed), ("--replications", replications), ("--replication", replication),
        ("--until-precision", precision), ("--max-replications", most),
    ):  # fmt: skip
        if value is not None:
            words += [name, str(value)]
    for kpi in kpis:
        words += ["--kpi", kpi]
    return shlex.join(words)


def write_events(played: Run, path: Path) -> None:
    """Play the first replication once more and write its log."""
    from sim.engine.model import play
    from sim.experiments.events_file import EventsFile
    from sim.orders.generated import order_book

    setting, number = played.setting, played.outcomes[0].replication
    book = order_book(setting.scenario, setting.catalogue, number, setting.demand)
    with EventsFile(path, setting, book.demand.first_line) as file:
        play(setting, number, (file.add,), book=book)


def write_html(played: Run, command: str, path: Path) -> None:
    """Write the report of a run."""
    from sim.experiments.report_input import report_input
    from sim.report import write_report

    write_report(path, report_input(played, command))


def reload(folder: Path) -> LoadedScenario:
    """Return the scenario of a finished run, from its own folder."""
    from sim.scenario.loading import load

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = manifest["environment"]["files"]
    settings = [f"{key}={json.dumps(path, ensure_ascii=False)}" for key, path in files.items()]
    return load(folder / "scenario.yaml", settings=settings)
