"""How an unknown export is read: its columns found by the names that shop systems give them.

What a scenario says of its history goes first; only what it leaves open is found. Nothing is
guessed between two readings that both fit: the file is then refused with the setting that decides.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import Problem, ScenarioError, shown_value
from sim.orders.history_cells import plain_id
from sim.orders.history_table import RawColumn, RawTable, defect, read_table
from sim.scenario.schema.orders import ColumnMap, HistorySection

ALIASES: dict[str, tuple[str, ...]] = {
    "order_id": ("orderid", "invoiceno", "invoice", "invoicenumber", "ordernumber", "orderno",
                 "amazonorderid", "salesorder", "transactionid", "documentno", "bestellnummer",
                 "auftragsnummer", "order", "name"),
    "ordered_at": ("orderts", "orderedat", "invoicedate", "createdat", "orderpurchasetimestamp",
                   "purchasedate", "orderdate", "ordertime", "orderdatetime", "datecreated",
                   "placedat", "bestelldatum", "timestamp", "datetime", "date"),
    "sku": ("sku", "stockcode", "lineitemsku", "itemsku", "productsku", "variantsku", "productid",
            "productcode", "itemid", "itemcode", "itemno", "articleno", "artikelnummer",
            "material"),
    "units": ("qty", "quantity", "units", "lineitemquantity", "quantitypurchased", "qtyordered",
              "quantityordered", "itemquantity", "menge", "anzahl"),
    "unit_price": ("unitprice", "price", "lineitemprice", "unitpriceeur", "priceperunit",
                   "einzelpreis", "preis"),
    "customer_id": ("customeruniqueid", "customerid", "customer", "customernumber", "customerno",
                    "clientid", "userid", "buyeremail", "customeremail", "email", "kundennummer"),
    "channel": ("channel", "saleschannel", "orderchannel", "channelname"),
    "description": ("description", "lineitemname", "productname", "itemname", "itemdescription",
                    "title", "bezeichnung"),
}  # fmt: skip
"""Names without case and signs: UCI, Shopify (``Lineitem sku``), Olist, WooCommerce, Amazon."""

NEEDED = ("order_id", "ordered_at", "sku")
UNIT_A_ROW = frozenset({"orderitemid"})
"""An export with such a column and none of units has a row for each unit (Olist)."""
SEPARATORS = (",", ";", "\t", "|")
LISTED = 20
SAMPLE = 5_000
PARQUET, ZIP, UNREADABLE = b"PAR1", b"PK\x03\x04", "\N{REPLACEMENT CHARACTER}"
FEWEST_ROWS = 3

_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y")
_CLOCKS = (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f",
           " %H:%M:%S %z", " %H:%M:%S%z", "T%H:%M:%S%z", "T%H:%M:%S.%f%z", " %I:%M %p",
           "")  # fmt: skip
TIME_FORMATS = tuple(date + clock for date in _DATES for clock in _CLOCKS)

_SERVICES = re.compile(
    r"(post|dot|postage|shipping|freight|carriage|delivery|handling|discount|voucher|gift|"
    r"giftcard|gift card|bank charges|amazonfee|fee|fees|adjust|c2|pads|cruk)([-_ ].*)?",
    re.IGNORECASE,
)
_UCI_LETTERS = ("M", "m", "D", "S", "B")
_DOCUMENT = re.compile(r"[A-Za-z]+[-_]?(?=\d)")


@dataclass(frozen=True)
class FoundColumns:
    """How to read an export.

    Parameters
    ----------
    section
        Column map, separator, time format and rules, as a scenario would say them.
    channels
        Names in the channel column, in the order of the file; empty without one.
    origins
        Where each key of the section comes from: ``scenario`` or ``found``; absent: default.
    """

    section: HistorySection
    channels: tuple[str, ...]
    origins: Mapping[str, str]


def find_columns(
    path: Path, shown_name: str, given: HistorySection, said: Iterable[str]
) -> FoundColumns:
    """Find out how an export is to be read.

    Parameters
    ----------
    path, shown_name
        CSV or Parquet file, and its name in messages.
    given
        What the scenario says.
    said
        Keys of it that somebody wrote, for instance ``columns.sku`` or ``time_format``; they stay.

    Raises
    ------
    ScenarioError
        If a column that is needed cannot be found, or two readings fit.
    """
    origins = dict.fromkeys(said, "scenario")
    magic = _first_bytes(path)
    names, separator = _header(path, given, typed=magic == PARQUET, fixed="separator" in origins)
    if not names or magic == ZIP or any(UNREADABLE in name for name in names):
        read_table(path, shown_name, given, [])  # says what is wrong with the file
    columns = _columns(names, given.columns, origins, shown_name)
    changes: dict[str, object] = {"columns": columns}
    if separator != given.separator:
        changes["separator"] = separator
        origins["separator"] = "found"
    section = given.model_copy(update=changes)
    table = read_table(path, shown_name, section, [])
    for key, value in (
        ("time_format", _time_format(table, shown_name)),
        ("decimal_comma", _decimal_comma(table)),
        ("return_prefix", _return_prefix(table)),
        ("not_goods", _not_goods(table)),
    ):
        if key not in origins and value is not None:
            section = section.model_copy(update={key: value})
            origins[key] = "found"
    return FoundColumns(section, _channel_names(table), origins)


def plain_name(name: str) -> str:
    """Return a column's name without case and signs.

    >>> plain_name("Lineitem sku"), plain_name("Invoice No.")
    ('lineitemsku', 'invoiceno')
    """
    return re.sub(r"[^0-9a-z]", "", name.casefold())


# --- header ---------------------------------------------------------------------------------------


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError:
        return b""


def _header(
    path: Path, given: HistorySection, *, typed: bool, fixed: bool
) -> tuple[tuple[str, ...], str]:
    """Return the names of all columns, and the separator that gives the most known ones."""
    if typed:
        return _parquet_names(path), given.separator
    rows = {
        separator: _first_row(path, given.encoding, separator)
        for separator in ((given.separator,) if fixed else SEPARATORS)
    }

    def known(separator: str) -> tuple[int, int]:
        found = {plain_name(name) for name in rows[separator]}
        aliases = {alias for names in ALIASES.values() for alias in names}
        return len(found & aliases), len(rows[separator])

    best = max(rows, key=known)
    return rows[best], best


def _parquet_names(path: Path) -> tuple[str, ...]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return tuple(str(name).strip() for name in pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return ()  # read_table says what is wrong with it


def _first_row(path: Path, encoding: str, separator: str) -> tuple[str, ...]:
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            for cells in csv.reader(file, delimiter=separator):
                if any(cell.strip() for cell in cells):
                    return tuple(cell.strip() for cell in cells)
    except (OSError, csv.Error):
        pass  # read_table says what is wrong with it
    return ()


def _columns(
    names: tuple[str, ...], given: ColumnMap, origins: dict[str, str], shown_name: str
) -> ColumnMap:
    place: dict[str, str] = {}
    for name in names:
        place.setdefault(plain_name(name), name)
    found: dict[str, str | None] = given.model_dump()
    problems = []
    for purpose, aliases in ALIASES.items():
        key = f"columns.{purpose}"
        if key in origins:
            continue
        found[purpose] = next((place[alias] for alias in aliases if alias in place), None)
        if found[purpose] is not None:
            origins[key] = "found"
        elif purpose in NEEDED or (purpose == "units" and not UNIT_A_ROW & set(place)):
            problems.append(_unknown(purpose, names, shown_name))
    if problems:
        raise ScenarioError(problems)
    return ColumnMap.model_validate(found)


def _unknown(purpose: str, names: tuple[str, ...], shown_name: str) -> Problem:
    more = ", …" if len(names) > LISTED else ""
    shown = ", ".join(map(shown_value, names[:LISTED])) + more
    aliases = ", ".join(ALIASES[purpose][:6])
    what = f"a column for {purpose} under a known name, such as {aliases}"
    hint = f"name it with --set orders.history.columns.{purpose}=NAME"
    return defect(shown_name, 1, 1, purpose, f"only the columns {shown}", what, hint)


# --- cells ----------------------------------------------------------------------------------------


def _texts(column: RawColumn | None) -> list[str]:
    if column is None:
        return []
    return [value.strip() for value in column.values if isinstance(value, str) and value.strip()]


def _time_format(table: RawTable, shown_name: str) -> str | None:
    """Return the one format that reads every time; None where the cells are no text."""
    column = table.columns["ordered_at"]
    texts = _texts(column)
    if not texts:
        return None
    fitting = [form for form in TIME_FORMATS if _reads_all(form, texts[:SAMPLE])]
    # A day above 12 may come late in the file; it decides between day and month.
    if len(fitting) > 1:
        fitting = [form for form in fitting if _reads_all(form, texts)] or fitting[:1]
    if len(fitting) > 1:
        found = f"{shown_value(texts[0])} and others that fit {' and '.join(fitting)}"
        hint = f"--set orders.history.time_format={shown_value(fitting[0])}"
        place = (shown_name, int(table.row_numbers[0]), column.position, column.name)
        raise ScenarioError([defect(*place, found, "times that fit one format", hint)])
    if fitting:
        return fitting[0]
    # None reads all: the one that reads most, so that the bad cells are told and not the format.
    scores = {form: _read_by(form, texts[:SAMPLE]) for form in TIME_FORMATS}
    best = max(scores, key=lambda form: scores[form])
    return best if scores[best] else None


def _reads(form: str, text: str) -> bool:
    import datetime

    try:
        datetime.datetime.strptime(text, form)  # noqa: DTZ007  # the shop's wall clock
    except ValueError:
        return False
    return True


def _reads_all(form: str, texts: list[str]) -> bool:
    return all(_reads(form, text) for text in texts)


def _read_by(form: str, texts: list[str]) -> int:
    return sum(_reads(form, text) for text in texts)


def _decimal_comma(table: RawTable) -> bool | None:
    texts = _texts(table.columns.get("unit_price"))
    commas = sum("," in text for text in texts)
    return True if commas and not any("." in text for text in texts) else None


def _return_prefix(table: RawTable) -> str | None:
    """Return the letters that begin most order numbers with units below 0, and hardly another."""
    if "units" not in table.columns:
        return None
    units = table.columns["units"]
    below = np.array([_is_below_0(value) for value in units.values] + [False])[units.codes]
    order = table.columns["order_id"]
    letters = [_prefix(value) for value in order.values] + [""]
    rows: dict[str, int] = {}
    for code in order.codes[below]:
        rows[letters[code]] = rows.get(letters[code], 0) + 1
    rows.pop("", None)
    if not rows:
        return None
    prefix = max(rows, key=lambda each: rows[each])
    begins = np.array([letter == prefix for letter in letters])[order.codes]
    enough = rows[prefix] >= FEWEST_ROWS or rows[prefix] == int(below.sum())
    rare = int(np.count_nonzero(begins & ~below)) * 100 <= rows[prefix]
    return prefix if enough and rare else None


def _is_below_0(value: object) -> bool:
    if isinstance(value, str):
        return value.lstrip().startswith("-")
    return isinstance(value, int | float) and value < 0


def _prefix(value: object) -> str:
    match = _DOCUMENT.match(value) if isinstance(value, str) else None
    return match[0] if match else ""


def _not_goods(table: RawTable) -> list[str] | None:
    """Return codes that are postage, fees or vouchers by their name."""
    column = table.columns["sku"]
    letters = _UCI_LETTERS if plain_name(column.name) == "stockcode" else ()
    codes = dict.fromkeys(plain_id(text) for text in _texts(column))
    found = [code for code in codes if _SERVICES.fullmatch(code) or code in letters]
    return sorted(found) or None


def _channel_names(table: RawTable) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain_id(text) for text in _texts(table.columns.get("channel"))))
