"""``warelab validate``: systems with exact answers, played through ordinary scenarios."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.options import (
    EXIT_NOT_MET,
    chosen_form,
    format_option,
    jobs_option,
    json_option,
    quiet_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiments.validation.system import Case
    from sim.experiments.validation.verdict import Figure


@click.command()
@click.option(
    "--cases", "file", type=click.Path(dir_okay=False, path_type=Path), default=None,
    metavar="FILE", help="CSV file of cases.  [default: those that come with warelab]",
)  # fmt: skip
@click.option("--case", "names", multiple=True, metavar="NAME", help="Only this case; repeatable.")
@click.option("--quick", is_flag=True, help="Allow intervals twice as wide.")
@jobs_option
@format_option
@json_option
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), default=None, metavar="FILE.md",
    help="Also write a page of Markdown.",
)  # fmt: skip
@quiet_option
def validate(
    file: Path | None,
    names: tuple[str, ...],
    quick: bool,
    jobs: int | None,
    form: str | None,
    as_json: bool,
    page: Path | None,
    quiet: bool,
) -> int:
    """Reproduce exact answers with ordinary scenarios; exit 3 if a figure is not reproduced."""
    from sim.experiments.run import default_jobs
    from sim.experiments.validation.case_file import built_in_cases, chosen, read_cases
    from sim.experiments.validation.page import (
        as_data,
        junit_text,
        markdown_lines,
        summary,
        text_lines,
    )
    from sim.experiments.validation.play import check_params
    from sim.experiments.validation.play import validate as play_cases

    form = chosen_form(form, as_json)
    begun_s = time.perf_counter()
    cases = chosen(read_cases(file) if file else built_in_cases(), names)
    check_params(cases, str(file) if file else "cases.csv")
    if page is not None:
        _check_folder(page)

    def tell(figures: Sequence[Figure]) -> None:
        if not quiet:
            click.echo(f"{figures[0].case}: {summary(figures)}", err=True)

    figures = play_cases(cases, quick=quick, jobs=jobs or default_jobs(), done=tell)
    time_s = time.perf_counter() - begun_s
    if page is not None:
        _write_page(page, cases, figures, quick)
    if form == "json":
        click.echo(json.dumps(as_data(figures, round(time_s, 3)), indent=2))
    elif form == "junit":
        click.echo(junit_text(figures), nl=False)
    else:
        for line in markdown_lines(figures) if form == "md" else text_lines(figures):
            click.echo(line)
        click.echo(f"{summary(figures)} in {time_s:.0f} s")
    return 0 if all(figure.is_reproduced for figure in figures) else EXIT_NOT_MET


def _check_folder(page: Path) -> None:
    """Refuse a page that cannot be written before anything is played."""
    if not page.parent.is_dir():
        raise click.BadParameter(
            f"the folder {page.parent} does not exist; make it, or name another file",
            param_hint="--page",
        )


def _write_page(page: Path, cases: Sequence[Case], figures: Sequence[Figure], quick: bool) -> None:
    from sim.errors import StoreError
    from sim.experiments.validation.page import page as page_text

    try:
        page.write_text(page_text(cases, figures, quick=quick), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{page}: {error.strerror}: the page cannot be written") from None
