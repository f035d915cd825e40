"""Records of a floor's CSV files, each with its place in the file; their faults in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from sim.errors import Problem, shown_value

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_ID_CHARACTERS = 80


@dataclass(frozen=True)
class Row:
    """One record of a CSV file with the position of each of its fields."""

    line: int
    fields: tuple[str, ...]

    def column(self, index: int) -> int:
        """Return where a field begins in its line, from 1."""
        return 1 + sum(len(text) + 1 for text in self.fields[:index])


def rows_of(
    file: Path, columns: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Yield each record with the texts of the wanted columns, in the wanted order."""
    text = _text_of(file, problems)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    order: list[int] | None = None
    line = 1
    try:
        for fields in reader:
            row = Row(line, tuple(fields))
            line = reader.line_num + 1
            if not any(text.strip() for text in fields):
                continue
            if order is None:
                order = _column_order(file, row, columns, problems)
                if order is None:
                    return
            elif len(fields) != len(columns):
                problems.append(
                    Problem(
                        str(file), row.line, 1, "", f"{len(fields)} fields",
                        f"{len(columns)} fields: {', '.join(columns)}",
                    )
                )  # fmt: skip
            else:
                yield row, tuple(fields[index].strip() for index in order)
    except csv.Error as error:
        problems.append(
            Problem(str(file), line, 1, "", f"not a CSV record ({error})", "comma-separated fields")
        )
        return
    if order is None:
        problems.append(
            Problem(str(file), 1, 1, "", "an empty file", f"a header row: {','.join(columns)}")
        )


def _column_order(
    file: Path, header: Row, columns: tuple[str, ...], problems: list[Problem]
) -> list[int] | None:
    found = [text.strip() for text in header.fields]
    expected = f"the columns {', '.join(columns)}"
    missing = [name for name in columns if name not in found]
    faults = []
    for index, name in enumerate(found):
        place = (header.line, header.column(index))
        if name not in columns:
            hint = did_you_mean(name, missing)
            faults.append(
                Problem(str(file), *place, "", f"column {shown_value(name)}", expected, hint)
            )
        elif name in found[:index]:
            faults.append(Problem(str(file), *place, "", f"column {name} twice", expected))
    faults.extend(
        Problem(str(file), header.line, 1, "", f"no column {name}", expected) for name in missing
    )
    problems.extend(faults)
    return None if faults else [found.index(name) for name in columns]


def _text_of(file: Path, problems: list[Problem]) -> str | None:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problems.append(
            Problem(str(file), 0, 0, "", f"cannot be read ({reason})", "a readable CSV file")
        )
        return None
    if len(data) > MAX_FILE_BYTES:
        limit = f"at most {MAX_FILE_BYTES // 1024 // 1024} MiB"
        problems.append(Problem(str(file), 0, 0, "", "the file is too big", limit))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} is not UTF-8"
        problems.append(Problem(str(file), line, 1, "", found, "a UTF-8 text file"))
        return None


def problem_at(
    file: Path, row: Row, key: str, value: str, found: str, expected: str, hint: str = ""
) -> Problem:
    """Return what is wrong with a value, at its place in the file."""
    stripped = [text.strip() for text in row.fields]
    index = stripped.index(value) if value in stripped else 0
    said = f"{shown_value(value)} {found}"
    return Problem(str(file), row.line, row.column(index), key, said, expected, hint)


def did_you_mean(name: str, known: Mapping[str, object] | list[str]) -> str:
    """Return the hint that names the known word nearest to a mistyped one, or nothing."""
    # A similarity search over a big location file for each of many bad lines would take minutes.
    choices = list(known)[:2000]
    close = get_close_matches(name[:MAX_ID_CHARACTERS], choices, n=1)
    return f"did you mean {shown_value(close[0])}?" if close else ""
