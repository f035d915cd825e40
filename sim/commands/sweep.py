"""``warelab sweep``: vary keys of a scenario and find the best cell, with a promise."""

from __future__ import annotations

import json
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
    seed_option,
    settings_option,
    with_run_settings,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiments.sweep.choose import Rule, Sweep
    from sim.experiments.sweep.grid import Cell


@click.command()
@click.argument("scenario")
@click.option(
    "--vary", "varied", multiple=True, required=True, metavar="KEY=VALUES",
    help="Values of a key: 4..8, 0.5..1..0.25, 4,8,12 or words; once for each key.",
)  # fmt: skip
@click.option("--kpi", default="cost_per_order_eur", show_default=True, help="Choose by this KPI.")
@click.option(
    "--smallest", default="1%", show_default=True, metavar="VALUE|SHARE%",
    help="Smallest difference that matters, in the KPI's unit or of the first cell's mean.",
)  # fmt: skip
@click.option(
    "--replications", type=click.IntRange(min=2),
    help="Replications of every cell before any is dropped.  [default: 10]",
)  # fmt: skip
@click.option(
    "--budget", type=click.IntRange(min=2),
    help="Replications of all cells together, spent where they help most; nothing is promised.",
)  # fmt: skip
@click.option(
    "--max-replications", "most", type=click.IntRange(min=2),
    help="Replications of a cell after which to give up undecided.  [default: 200]",
)  # fmt: skip
@settings_option
@seed_option
@jobs_option
@cluster_option
@results_option
@no_cache_option
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the cells to this file.")  # fmt: skip
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path),
              help="Draw the cells to this SVG file.")  # fmt: skip
@format_option
@json_option
@quiet_option
def sweep(
    scenario: str,
    varied: tuple[str, ...],
    kpi: str,
    smallest: str,
    replications: int | None,
    budget: int | None,
    most: int | None,
    settings: tuple[str, ...],
    seed: int | None,
    jobs: int | None,
    cluster: str | None,
    results: Path,
    no_cache: bool,
    csv_file: Path | None,
    chart: Path | None,
    form: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Vary keys of SCENARIO over the same orders and choose the best cell."""
    from sim.commands.compare import family_with
    from sim.commands.keeping import aloud, keeping_cells
    from sim.experiments.sweep.choose import choose
    from sim.experiments.sweep.grid import axes_of, cells_of

    form = chosen_form(form, as_json)
    if budget is not None and (replications is not None or most is not None):
        raise click.UsageError("--budget goes with neither --replications nor --max-replications")
    family_with((kpi,))
    rule = _rule(kpi, smallest, replications, most, budget)
    axes = axes_of(varied)
    cells = cells_of(scenario, axes, with_run_settings(settings, seed, None))
    least = rule.first_stage * len(cells) if budget is None else budget
    if not quiet:
        aloud(_estimate_words(cells, rule, least))
    with keeping_cells(
        cells,
        (rule.kpi,),
        None if no_cache else results,
        total=least,
        words=cells[0].loaded.scenario.name,
        jobs=jobs,
        cluster=cluster,
        quiet=quiet,
    ) as played:
        try:
            found = choose(axes, played, rule)
        except ValueError as error:
            raise click.UsageError(f"--{_dashed(error)}") from None
    _write(found, csv_file, chart)
    for line in _lines(found, form):
        click.echo(line)
    if found.best is None:
        raise click.exceptions.Exit(EXIT_NOT_MET)


def _rule(
    kpi: str, smallest: str, replications: int | None, most: int | None, budget: int | None
) -> Rule:
    from sim.commands.amounts import amount_named
    from sim.experiments.gates import POSITIVE
    from sim.experiments.sweep.choose import FIRST_STAGE, MOST, Rule

    matters = amount_named("--smallest", smallest, POSITIVE)
    first = replications or FIRST_STAGE
    try:
        return Rule(kpi, matters, first, most or max(MOST, first), budget)
    except ValueError as error:
        raise click.UsageError(f"--{_dashed(error)}") from None


def _dashed(error: ValueError) -> str:
    """Return an error's words with its setting named as the option is."""
    name, colon, rest = str(error).partition(":")
    return f"{name.replace('_', '-')}{colon}{rest}"


def _estimate_words(cells: Sequence[Cell], rule: Rule, least: int) -> str:
    run = cells[0].loaded.scenario.run
    days = run.warm_up_days + run.horizon_days + run.cool_down_days
    count = f"{len(cells)} cell{'s' if len(cells) != 1 else ''}"
    if rule.budget is not None:
        return f"{count}: {least} replications of {days:g} days"
    return (
        f"{count}: at least {least} replications of {days:g} days, at most {rule.most * len(cells)}"
    )


def _lines(found: Sweep, form: str) -> list[str]:
    from sim.experiments.sweep.table import document, junit_text, markdown_lines, text_lines

    if form == "json":
        return [json.dumps(document(found), indent=2, allow_nan=False, ensure_ascii=False)]
    if form == "junit":
        return [junit_text(found).removesuffix("\n")]
    return text_lines(found) if form == "text" else markdown_lines(found)


def _write(found: Sweep, csv_file: Path | None, chart: Path | None) -> None:
    from sim.commands.answers import write_files
    from sim.experiments.sweep.table import csv_text

    def svg() -> str:
        from sim.experiments.sweep.chart import sweep_svg

        return sweep_svg(found)

    write_files("the sweep", ((csv_file, lambda: csv_text(found)), (chart, svg)))
