"""Records of a floor's CSV files, each with its place in the file; their faults in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from sim.errors import Problem, shown_value
from sim.warehouse.text_file import text_of_csv

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_ID_CHARACTERS = 80


@dataclass(frozen=True)
class Row:
    """One record of a CSV file with the position of each of its fields."""

    line: int
    fields: tuple[str, ...]
    header: tuple[str, ...] = ()

    def column(self, index: int) -> int:
        """Return where a field begins in its line, from 1."""
        return 1 + sum(len(text) + 1 for text in self.fields[:index])


def rows_of(
    file: Path, columns: tuple[str, ...], problems: list[Problem], optional: tuple[str, ...] = ()
) -> Iterator[tuple[Row, dict[str, str]]]:
    """Yield each record with its texts by column.

    Parameters
    ----------
    file
        CSV file with a header row; its columns may stand in any order.
    columns, optional
        Columns that must and that may be there; one that is not there is not among the texts.
    problems
        Faults are added here.
    """
    text = text_of_csv(file, str(file), MAX_FILE_BYTES, problems)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for fields in reader:
            row = Row(line, tuple(fields), tuple(header or ()))
            line = reader.line_num + 1
            if not any(text.strip() for text in fields):
                continue
            if header is None:
                header = _header(file, row, columns, problems, optional)
                if header is None:
                    return
            elif len(fields) != len(header):
                expected = sorted(header, key=[*columns, *optional].index)
                problems.append(
                    Problem(
                        str(file), row.line, 1, "", f"{len(fields)} fields",
                        f"{len(header)} fields: {', '.join(expected)}",
                    )
                )  # fmt: skip
            else:
                yield row, dict(zip(header, (text.strip() for text in fields), strict=True))
    except csv.Error as error:
        problems.append(
            Problem(str(file), line, 1, "", f"not a CSV record ({error})", "comma-separated fields")
        )
        return
    if header is None:
        problems.append(
            Problem(str(file), 1, 1, "", "an empty file", f"a header row: {','.join(columns)}")
        )


def _header(
    file: Path,
    row: Row,
    columns: tuple[str, ...],
    problems: list[Problem],
    optional: tuple[str, ...],
) -> list[str] | None:
    found = [text.strip() for text in row.fields]
    expected = f"the columns {', '.join(columns)}"
    if optional:
        expected += f" and, if wanted, {', '.join(optional)}"
    missing = [name for name in columns if name not in found]
    wanted = [*missing, *(name for name in optional if name not in found)]
    faults = []
    for index, name in enumerate(found):
        place = (row.line, row.column(index))
        if name not in columns and name not in optional:
            hint = did_you_mean(name, wanted)
            faults.append(
                Problem(str(file), *place, "", f"column {shown_value(name)}", expected, hint)
            )
        elif name in found[:index]:
            faults.append(Problem(str(file), *place, "", f"column {name} twice", expected))
    faults.extend(
        Problem(str(file), row.line, 1, "", f"no column {name}", expected) for name in missing
    )
    problems.extend(faults)
    return None if faults else found


def problem_at(
    file: Path, row: Row, key: str, value: str, found: str, expected: str, hint: str = ""
) -> Problem:
    """Return what is wrong with a value, at its place in the file."""
    index = row.header.index(key)
    said = f"{shown_value(value)} {found}"
    return Problem(str(file), row.line, row.column(index), key, said, expected, hint)


def did_you_mean(name: str, known: Mapping[str, object] | list[str]) -> str:
    """Return the hint that names the known word nearest to a mistyped one, or nothing."""
    # A similarity search over a big location file for each of many bad lines would take minutes.
    choices = list(known)[:2000]
    close = get_close_matches(name[:MAX_ID_CHARACTERS], choices, n=1)
    return f"did you mean {shown_value(close[0])}?" if close else ""
