"""All cases, and their file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tests.theory.exact_cases import other_cases, queue_cases, stock_cases, structure_cases
from tests.theory.exact_cases.case import COLUMNS

FILE = Path(__file__).parents[1] / "more_cases.csv"


def rows() -> Iterator[dict[str, str]]:
    """Yield the rows of all cases, numbered from M01."""
    everything = chain(
        queue_cases.cases(), structure_cases.cases(), stock_cases.cases(), other_cases.cases()
    )
    for number, case in enumerate(everything, 1):
        yield from case.rows(f"M{number:02d}")


def text() -> str:
    """Return the file's text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    return out.getvalue()
