"""``warelab sensitivity``: which dials of a scenario move which KPI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.options import (
    chosen_form,
    cluster_option,
    format_option_of,
    jobs_option,
    json_option,
    need_extra,
    no_cache_option,
    quiet_option,
    results_option,
    seed_option,
    settings_option,
    with_run_settings,
)

if TYPE_CHECKING:
    from sim.experiments.sensitivity.plan import Plan
    from sim.experiments.sensitivity.study import Study

MORRIS, SOBOL = "morris", "sobol"


@click.command()
@click.argument("scenario")
@click.option(
    "--dial", "dials", multiple=True, required=True, metavar="KEY=LOW:HIGH",
    help="A key that holds a number, and its range; once for each dial.",
)  # fmt: skip
@click.option(
    "--kpi", "kpis", multiple=True, required=True, metavar="NAME",
    help="KPI to explain; names: docs/kpis.md.",
)  # fmt: skip
@click.option(
    "--method", type=click.Choice([MORRIS, SOBOL]), default=MORRIS, show_default=True,
    help="Screen many dials, or divide the variance among few.",
)  # fmt: skip
@click.option(
    "--trajectories", type=int, metavar="N",
    help="Morris: trajectories of dials + 1 points.  [default: 10]",
)  # fmt: skip
@click.option(
    "--base-samples", type=int, metavar="N",
    help="Sobol: N x (dials + 2) points, N a power of 2.  [default: 64]",
)  # fmt: skip
@click.option(
    "--second-order", is_flag=True,
    help="Sobol: pairs of dials too, by N x (2 dials + 2) points; needs 'warelab[sensitivity]'.",
)  # fmt: skip
@click.option(
    "--replications", type=click.IntRange(min=1), help="Replications of a point.  [default: 5]"
)
@settings_option
@seed_option
@jobs_option
@cluster_option
@results_option
@no_cache_option
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path),
              help="Write all points to this file.")  # fmt: skip
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path),
              help="Draw the influences to this SVG file.")  # fmt: skip
@format_option_of("text", "md", "json")
@json_option
@quiet_option
def sensitivity(
    scenario: str,
    dials: tuple[str, ...],
    kpis: tuple[str, ...],
    method: str,
    trajectories: int | None,
    base_samples: int | None,
    second_order: bool,
    replications: int | None,
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
    """Say which dials of SCENARIO move which KPI, on the same orders."""
    from sim.commands.answers import say_answer
    from sim.commands.keeping import aloud, keeping_cells
    from sim.experiments.cells import UndefinedKpi
    from sim.experiments.sensitivity.plan import REPLICATIONS, Asked, plan_of
    from sim.experiments.sensitivity.study import studied
    from sim.experiments.sensitivity.table import document, grids_of

    form = chosen_form(form, as_json)
    size = _size(method, trajectories, base_samples)
    if second_order and method == SOBOL:
        need_extra("--second-order", "SALib", "sensitivity")
    count = REPLICATIONS if replications is None else replications
    asked = Asked(dials, kpis, "sobol" if method == SOBOL else "morris", size, count, second_order)
    plan = plan_of(scenario, asked, with_run_settings(settings, seed, None))
    if not quiet:
        aloud(_estimate_words(plan))
    with keeping_cells(
        plan.cells,
        plan.kpis,
        None if no_cache else results,
        total=plan.replications,
        words=plan.cells[0].loaded.scenario.name,
        jobs=jobs,
        cluster=cluster,
        quiet=quiet,
    ) as played:
        try:
            found = studied(plan, played)
        except UndefinedKpi as error:
            raise click.UsageError(str(error)) from None
    _write(found, csv_file, chart)
    name = plan.cells[0].loaded.scenario.name
    say_answer(form, f"sensitivity: {name}", grids_of(found), [], lambda: document(found))


def _size(method: str, trajectories: int | None, base_samples: int | None) -> int | None:
    """Return the size of the design; the other method's option is refused."""
    if method == MORRIS and base_samples is not None:
        raise click.UsageError("--base-samples goes with --method sobol; Morris has --trajectories")
    if method == SOBOL and trajectories is not None:
        raise click.UsageError("--trajectories goes with --method morris; Sobol has --base-samples")
    return trajectories if method == MORRIS else base_samples


def _estimate_words(plan: Plan) -> str:
    run = plan.cells[0].loaded.scenario.run
    days = run.warm_up_days + run.horizon_days + run.cool_down_days
    return (
        f"{len(plan.cells)} points x {plan.asked.replications} replications = "
        f"{plan.replications} replications of {days:g} days"
    )


def _write(found: Study, csv_file: Path | None, chart: Path | None) -> None:
    from sim.commands.answers import write_files
    from sim.experiments.sensitivity.table import csv_text

    def svg() -> str:
        from sim.experiments.sensitivity.chart import sensitivity_svg

        return sensitivity_svg(found)

    write_files("the study", ((csv_file, lambda: csv_text(found)), (chart, svg)))
