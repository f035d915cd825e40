"""``warelab import``: a shop's export becomes a fitted scenario, and a page that says how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.options import (
    json_option,
    progress,
    quiet_option,
    settings_option,
)

if TYPE_CHECKING:
    from sim.experiments.reproduce import Reproduction
    from sim.fitting.fit import Period
    from sim.fitting.importing import Imported


@click.command(name="import")
@click.argument("history", type=click.Path(path_type=Path))
@click.option(
    "--scenario", default="baseline", show_default=True, metavar="BASE",
    help="Scenario (file or bundled name) that says what no export knows.",
)  # fmt: skip
@settings_option
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Folder to write scenario, items.csv and fitted.md to.  [default: print only]",
)  # fmt: skip
@click.option("--name", metavar="NAME", help="Name of the scenario.  [default: as the folder]")
@click.option("--force", is_flag=True, help="Replace the files of an earlier import.")
@click.option("--validate", is_flag=True, help="Play the history's last month and compare.")
@click.option(
    "--month", metavar="YYYY-MM", help="Month to compare in place of the last whole one."
)  # fmt: skip
@click.option(
    "--replications", type=click.IntRange(min=2), default=10, show_default=True,
    help="Plays of --validate.",
)  # fmt: skip
@json_option
@quiet_option
def import_history(
    history: Path,
    scenario: str,
    settings: tuple[str, ...],
    out: Path | None,
    name: str | None,
    force: bool,
    validate: bool,
    month: str | None,
    replications: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Fit a scenario to the order HISTORY of a shop (CSV or Parquet)."""
    from sim.fitting.importing import check_free, fit_file, name_of, write_files
    from sim.fitting.page import figure_lines
    from sim.scenario.loading import load

    if month is not None and not validate:
        raise click.UsageError("--month says what --validate compares; give both")
    period = None if month is None else _month(month)
    base = load(scenario, settings=settings)
    named = name_of(name or (out.resolve().name if out else history.name))
    if out is not None:
        check_free(out, named, force=force)
    imported = fit_file(history, str(history), base)
    if not as_json:
        click.echo("\n".join(imported.fit.history.report.lines()) + "\n")
        click.echo("\n".join(figure_lines(imported.figures)))
    compared = None
    if validate:
        compared = _compared(imported, named, period, replications, quiet)
        if not as_json:
            click.echo("\n" + "\n".join(compared.lines()))
    if out is not None:
        comparison = compared.markdown() if compared else ()
        texts = imported.files(named, comparison)
        for path in write_files(out, texts, imported.data_files, force=force):
            click.echo(str(path), err=as_json)
    elif not as_json:
        click.echo("\nnothing was written; --out DIR writes the scenario", err=True)
    if as_json:
        click.echo(json.dumps(_document(imported, compared), indent=2, allow_nan=False))


def _compared(
    imported: Imported, name: str, period: Period | None, replications: int, quiet: bool
) -> Reproduction:
    from sim.experiments.reproduce import reproduce_imported

    with progress(replications, name, quiet) as ticker:
        return reproduce_imported(
            imported, period=period, replications=replications, done=ticker.step
        )


def _month(text: str) -> Period:
    import datetime
    from calendar import monthrange

    from sim.fitting.fit import Period

    try:
        first = datetime.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise click.UsageError(f"--month {text}: expected a month such as 2011-05") from None
    return Period(first, monthrange(first.year, first.month)[1])


def _document(imported: Imported, compared: Reproduction | None) -> dict[str, object]:
    return {
        "report": imported.fit.history.report.as_dict(),
        "figures": [each.as_dict() for each in imported.figures],
        "reproduction": compared.as_dict() if compared else None,
    }
