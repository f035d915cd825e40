"""The text of a planner's file, or in words why it cannot be had."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Problem


def text_of_csv(
    path: Path, shown_name: str, most_bytes: int, problems: list[Problem]
) -> str | None:
    """Return the text of a CSV file in UTF-8, or None and a problem.

    Parameters
    ----------
    path
        The file.
    shown_name
        Its name in messages.
    most_bytes
        A file above this size is not read.
    problems
        Faults are added here.
    """

    def refuse(line: int, column: int, found: str, expected: str) -> None:
        problems.append(Problem(shown_name, line, column, "", found, expected))

    try:
        with path.open("rb") as stream:
            data = stream.read(most_bytes + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        refuse(0, 0, f"cannot be read ({reason})", "a readable CSV file")
        return None
    if len(data) > most_bytes:
        refuse(0, 0, "the file is too big", f"at most {most_bytes // 1024**2} MiB")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        refuse(line, 1, f"byte 0x{data[error.start]:02x} is not UTF-8", "a UTF-8 text file")
        return None
