"""Columns that grow: rows in the order of happening, and records found by their number.

Memory stays near what is stored: a full column is enlarged by a sixteenth, in place where the
machine allows it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]
NAN = float("nan")
LEAST_GROWTH = 1024


def _enlarged(rows: int, needed: int) -> int:
    return max(needed, rows + max(LEAST_GROWTH, rows // 16))


class Rows:
    """Rows appended one after the other.

    Parameters
    ----------
    dtypes
        Column name to NumPy type code.

    Attributes
    ----------
    count
        Number of rows.
    """

    __slots__ = ("_columns", "count")

    def __init__(self, **dtypes: str) -> None:
        self._columns: dict[str, Column] = {
            name: np.empty(0, dtype=dtype) for name, dtype in dtypes.items()
        }
        self.count = 0

    def append(self, count: int, **values: npt.ArrayLike) -> None:
        """Append ``count`` rows; every column is given as an array or as one value for all."""
        end = self.count + count
        for name, column in self._columns.items():
            if end > len(column):
                column.resize(_enlarged(len(column), end), refcheck=False)
            column[self.count : end] = values[name]
        self.count = end

    def __getitem__(self, name: str) -> Column:
        return self._columns[name][: self.count]

    @property
    def nbytes(self) -> int:
        """Bytes held, with the room for growth."""
        return sum(column.nbytes for column in self._columns.values())


class Numbered:
    """Records 0, 1, 2, ... whose fields are written in any order.

    Parameters
    ----------
    size
        Number of records at the start.
    fields
        Field name to its NumPy type code and the value of a field that nobody has written.

    Attributes
    ----------
    size
        Number of records.
    """

    __slots__ = ("_columns", "_empty", "size")

    def __init__(self, size: int, **fields: tuple[str, float]) -> None:
        self._empty = {name: empty for name, (_, empty) in fields.items()}
        self._columns: dict[str, Column] = {
            name: np.full(size, empty, dtype=dtype) for name, (dtype, empty) in fields.items()
        }
        self.size = size

    def reach(self, number: int) -> None:
        """Make room for a record number."""
        if number < self.size:
            return
        for name, column in self._columns.items():
            room = len(column)
            if number >= room:
                column.resize(_enlarged(room, number + 1), refcheck=False)
                column[room:] = self._empty[name]
        self.size = number + 1

    def set(self, field: str, number: Column, values: Column) -> None:
        """Write a field of some records; of a record named twice the last value stays."""
        self._columns[field][number] = values

    def add(self, field: str, number: Column, amounts: Column) -> None:
        """Add to a field of some records; a record named twice gets both amounts."""
        np.add.at(self._columns[field], number, amounts)

    def __getitem__(self, name: str) -> Column:
        return self._columns[name][: self.size]

    @property
    def nbytes(self) -> int:
        """Bytes held, with the room for growth."""
        return sum(column.nbytes for column in self._columns.values())
