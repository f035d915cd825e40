"""Options that several commands share, and how long work shows that it goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.engine.setting import Setting
    from sim.experiments.replication import Outcome

Command = Callable[..., Any]

EXIT_NOT_MET = 3
"""A target is missed, a gate failed, or an exact figure not reproduced."""

settings_option = click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE",
    help="Set a value of the scenario, e.g. --set staff.late.pickers=9.",
)  # fmt: skip
FORMATS = {"text": "text", "md": "md (Markdown)", "json": "json", "junit": "junit"}
"""What ``--format`` may say, each as its help names it."""


def format_option_of(*forms: str) -> Callable[[Command], Command]:
    """Return ``--format`` with these of :data:`FORMATS`; :func:`chosen_form` reads it."""
    *others, last = (FORMATS[form] for form in forms)
    return click.option(
        "--format", "form", type=click.Choice(forms), default=None,
        help=f"{', '.join(others)} or {last}.  [default: {forms[0]}]",
    )  # fmt: skip


format_option = format_option_of(*FORMATS)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
report_option = click.option(
    "--report/--no-report", default=True, help="Write report.html.  [default: yes]"
)
all_kpis_option = click.option(
    "--all", "all_kpis", is_flag=True, help="Print all KPIs, not only the headline."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress.")
jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1), default=None,
    help="Processes; the numbers do not depend on it.  [default: all processors]",
)  # fmt: skip
cluster_option = click.option(
    "--cluster", metavar="ADDRESS", default=None,
    help="Play on the workers of this Dask scheduler; --jobs then says how many at once.",
)  # fmt: skip
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Play anew; neither take nor keep replications."
)
seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=None, help="Seed in place of the scenario's."
)
replications_option = click.option(
    "--replications", type=click.IntRange(min=1), default=None,
    help="Replications in place of the scenario's.",
)  # fmt: skip
results_option = click.option(
    "--results", type=click.Path(file_okay=False, path_type=Path), default=Path("results"),
    show_default=True, help="Folder that run folders are written to.",
)  # fmt: skip


def with_run_settings(
    settings: tuple[str, ...], seed: int | None, replications: int | None
) -> list[str]:
    """Return ``--set`` words with seed and number of replications worked in."""
    words = list(settings)
    if seed is not None:
        words.append(f"run.seed={seed}")
    if replications is not None:
        words.append(f"run.replications={replications}")
    return words


def executor_of(cluster: str | None) -> Callable[[Setting, int], Executor]:
    """Return what starts the workers: processes of this machine, or a cluster's."""
    if cluster is None:
        from sim.experiments.workers import WorkerProcesses

        return WorkerProcesses
    need_extra("--cluster", "distributed", "cluster")
    from sim.experiments.cluster import ClusterWorkers

    return lambda setting, _: ClusterWorkers(setting, address=cluster)


def jobs_of(jobs: int | None, cluster: str | None) -> int:
    """Return how many replications are played at once; a cluster is asked whether it is there."""
    from sim.experiments.run import default_jobs

    if cluster is None:
        return jobs or default_jobs()
    if jobs == 1:
        raise click.UsageError("--jobs 1 plays here: leave it or --cluster out, or give 2 or more")
    need_extra("--cluster", "distributed", "cluster")
    from sim.experiments.cluster import threads

    found = threads(cluster)
    return jobs or max(2, found)  # one alone would be played here


def need_extra(option: str, package: str, extra: str) -> None:
    """Refuse an option whose library is not installed.

    Raises
    ------
    click.UsageError
        The package is missing; the extra that brings it is named.
    """
    import importlib.util

    if importlib.util.find_spec(package) is None:
        raise click.UsageError(f"{option} needs a further library: pip install 'warelab[{extra}]'")


def chosen_form(form: str | None, as_json: bool) -> str:
    """Return the format asked for; ``--json`` is another word for ``--format json``.

    Raises
    ------
    click.UsageError
        Both are given and do not agree.
    """
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form}: only one of them")
    return "json" if as_json else form or "text"


class Ticker:
    """Turns outcomes and shares of simulated time into a bar; silent without a terminal."""

    def __init__(self, bar: Any, task: Any) -> None:  # noqa: ANN401  # rich is imported lazily
        self._bar = bar
        self._task = task
        self._finished = 0

    def done(self, _: Outcome) -> None:
        """Count a finished replication."""
        self._finished += 1
        self.at(0, 0.0)

    def step(self, count: int) -> None:
        """Count finished replications."""
        self._finished += count
        self.at(0, 0.0)

    def at(self, _: int, share: float) -> None:
        """Show how far the replication in hand is."""
        if self._bar is not None:
            self._bar.update(self._task, completed=self._finished + share)


@contextmanager
def progress(total: int, words: str, quiet: bool) -> Iterator[Ticker]:
    """Show a bar on stderr while work goes on."""
    if quiet or not sys.stderr.isatty():
        yield Ticker(None, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.1f}/{task.total} replications"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Ticker(bar, bar.add_task(words, total=total))
