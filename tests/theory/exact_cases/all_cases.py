"""All cases, and their file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tests.theory.exact_cases import (
    further_cases,
    other_cases,
    plain_queue_cases,
    queue_cases,
    stock_cases,
    structure_cases,
)
from tests.theory.exact_cases.case import COLUMNS

FILE = Path(__file__).parents[1] / "more_cases.csv"


def rows() -> Iterator[dict[str, str]]:
    """Yield the rows of all cases, numbered from M01."""
    rooms = (
        queue_cases,
        plain_queue_cases,
        structure_cases,
        stock_cases,
        other_cases,
        further_cases,
    )
    everything = chain.from_iterable(room.cases() for room in rooms)
    for number, case in enumerate(everything, 1):
        yield from case.rows(f"M{number:02d}")


def text() -> str:
    """Return the file's text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    return out.getvalue()
