"""How an answer leaves a command: in the format asked for, and into the CI's job summary."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.report.formats.grid import Grid
    from sim.report.formats.junit import Case

JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
"""Variable by which a CI names the file of its job summary."""


def say_answer(
    form: str,
    title: str,
    grids: Sequence[Grid],
    cases: Sequence[Case],
    document: Callable[[], object],
) -> None:
    """Print an answer, and append it as Markdown to the job summary where there is one.

    Parameters
    ----------
    form
        ``text``, ``md``, ``json`` or ``junit``.
    title
        Of the whole answer.
    grids, cases, document
        The answer for people, for JUnit, for programs.
    """
    from sim.report.formats.grid import text
    from sim.report.formats.junit import junit
    from sim.report.formats.markdown import markdown

    if form == "json":
        click.echo(json.dumps(document(), indent=2, allow_nan=False))
    elif form == "junit":
        click.echo(junit(cases, title), nl=False)
    elif form == "md":
        click.echo(markdown(grids, title), nl=False)
    else:
        click.echo("\n".join(text(grid) for grid in grids))
    summary = os.environ.get(JOB_SUMMARY)
    if summary:
        try:
            with Path(summary).open("a", encoding="utf-8") as stream:
                stream.write(markdown(grids, title) + "\n")
        except OSError as error:
            words = f"{JOB_SUMMARY}: {error.strerror or error}: the job summary is not written"
            click.echo(words, err=True)


def write_files(what: str, files: Iterable[tuple[Path | None, Callable[[], str]]]) -> None:
    """Write the files that were asked for; None was not.

    Parameters
    ----------
    what
        What is written, for messages.
    files
        Each with what makes its text.

    Raises
    ------
    click.UsageError
        One of them cannot be written.
    """
    try:
        for path, text in files:
            if path is not None:
                path.write_text(text(), encoding="utf-8", newline="")
    except OSError as error:
        words = f"{error.filename}: {error.strerror or error}"
        raise click.UsageError(f"{what} cannot be written: {words}") from None
