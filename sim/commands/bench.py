"""``warelab bench``: a suite of policies played, kept as a baseline, held against one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.options import (
    EXIT_NOT_MET,
    chosen_form,
    cluster_option,
    format_option,
    jobs_option,
    json_option,
    no_cache_option,
    quiet_option,
    results_option,
)

if TYPE_CHECKING:
    from sim.experiments.gates import Amount

QUICK = 2
"""Replications of a quick look."""


@click.command()
@click.argument("suite", required=False)
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the baseline: text."
)
@click.option("--against", metavar="FILE", help="Hold every policy against this baseline.")
@click.option(
    "--gate", metavar="AMOUNT",
    help="With --against: exit with 3 if a KPI is worse by more, e.g. 1%.  [default: the suite's]",
)  # fmt: skip
@click.option("--quick", is_flag=True, help="Only the first two replications.")
@jobs_option
@cluster_option
@results_option
@no_cache_option
@format_option
@json_option
@quiet_option
def bench(
    suite: str | None,
    save: Path | None,
    against: str | None,
    gate: str | None,
    quick: bool,
    jobs: int | None,
    cluster: str | None,
    results: Path,
    no_cache: bool,
    form: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Play a SUITE of policies (a YAML file; default: the built-in one) on the same orders."""
    from sim.commands.answers import say_answer
    from sim.commands.bench_answer import against_answer, board_answer
    from sim.commands.keeping import keeping_cells
    from sim.experiments.bench.baseline import baseline_of, read_baseline, write_baseline
    from sim.experiments.bench.judging import check_baseline, held_against, leaderboard
    from sim.experiments.bench.playing import play_suite
    from sim.experiments.bench.suite import read_suite

    form = chosen_form(form, as_json)
    tolerance = _tolerance(gate, against)
    if quick and save:
        raise click.UsageError("--quick and --save: a baseline has all replications")
    found = read_suite(suite)
    count = QUICK if quick else found.replications
    baseline = read_baseline(against) if against else None
    if baseline:
        check_baseline(found, baseline, count, str(against))
    with keeping_cells(
        found.cells,
        found.smallest,
        None if no_cache else results,
        total=count * len(found.cells),
        words=found.name,
        jobs=jobs,
        cluster=cluster,
        quiet=quiet,
    ) as cells:
        values = play_suite(found, cells, replications=count)
    held = held_against(found, values, baseline, tolerance) if baseline else None
    board = leaderboard(found, values)
    answer = (
        against_answer(found, values, held, board) if held else board_answer(found, values, board)
    )
    say_answer(form, f"bench: {found.name}", *answer)
    if save:
        try:
            write_baseline(baseline_of(found, values), save)
        except OSError as error:
            words = f"{save}: the baseline cannot be written: {error.strerror or error}"
            raise click.UsageError(words) from None
        if not quiet:
            click.echo(f"baseline {save}", err=True)
    return EXIT_NOT_MET if held and held.failed else 0


def _tolerance(gate: str | None, against: str | None) -> Amount | None:
    from sim.commands.amounts import amount_named
    from sim.experiments.gates import PER_CENT

    if gate is None:
        return None
    if against is None:
        raise click.UsageError("--gate: there is nothing to hold it to; add --against FILE")
    return amount_named("--gate", gate, PER_CENT)
