"""An export, from the file to the fitted scenario: read, fit, write."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, shown_value
from sim.fitting.figures import Figure
from sim.fitting.fit import Fit, fit_history
from sim.fitting.page import page_text
from sim.fitting.scenario_file import ITEMS_FILE, items_text, scenario_text
from sim.fitting.table import figures
from sim.orders.history import read_history
from sim.orders.history_columns import find_columns
from sim.scenario.loading import LoadedScenario, load
from sim.scenario.schema.orders import Channel, OrdersSection
from sim.warehouse.catalogue_file import MAX_TEXT_CHARACTERS

PAGE_FILE = "fitted.md"
HISTORY = "orders.history."
MOST_CHANNELS = 120
NAME_CHARACTERS = 60


@dataclass(frozen=True)
class Imported:
    """A fitted history.

    Parameters
    ----------
    base
        Scenario that says what no export knows.
    fit
        Every law.
    figures
        The table of them, defaults last.
    columns
        How the file was read, as ``orders.history`` takes it.
    """

    base: LoadedScenario
    fit: Fit
    figures: tuple[Figure, ...]
    columns: Mapping[str, Any]

    def files(self, name: str, comparison: Sequence[str] = ()) -> dict[str, str]:
        """Return the text of each file: scenario, catalogue, page."""
        report = self.fit.history.report.lines()
        return {
            f"{name}.yaml": scenario_text(self.fit, self.base, name, self.figures, self.columns),
            ITEMS_FILE: items_text(self.fit),
            PAGE_FILE: page_text(name, report, self.figures, comparison),
        }

    @property
    def data_files(self) -> dict[str, Path]:
        """Data files of a base of the user's own, by their name beside the fitted scenario."""
        left_out = ("orders.file", "items.file")
        return {
            path.name: path for key, path in self.base.external_files.items() if key not in left_out
        }


def fit_file(path: Path, shown_name: str, base: LoadedScenario) -> Imported:
    """Read an export, finding its columns, and fit every law.

    Parameters
    ----------
    path, shown_name
        The file, CSV or Parquet, and its name in messages.
    base
        What it says of ``orders.history`` holds; everything else of the file is found by name.

    Raises
    ------
    ScenarioError
        If the file cannot be used; every defect that was found is listed.
    """
    if not path.is_file():
        found = "found a folder or a device" if path.exists() else "found no such file"
        expected = "expected the export of a shop, CSV or Parquet"
        raise ScenarioError([Problem(shown_name, 0, 0, "", found, expected)])
    scenario = base.scenario
    columns = find_columns(path, shown_name, scenario.orders.history, _said(base))
    section = scenario.orders.model_copy(update={"history": columns.section})
    section = _with_channels(section, columns.channels)
    history = read_history(path, shown_name, section, scenario.items, seed=scenario.run.seed)
    _check_codes(history.catalogue.codes, shown_name)
    fit = fit_history(history, scenario, priced=columns.section.columns.unit_price is not None)
    return Imported(base, fit, figures(fit, base), columns.section.model_dump(mode="json"))


def _check_codes(codes: tuple[str, ...], shown_name: str) -> None:
    """Refuse codes that no catalogue file takes."""
    bad = [code for code in codes if len(code) > MAX_TEXT_CHARACTERS or not code.isprintable()]
    expected = f"expected SKU codes of 1 to {MAX_TEXT_CHARACTERS} printable characters"
    if bad:
        raise ScenarioError(
            [
                Problem(shown_name, 0, 0, "sku", f"found {shown_value(code)}", expected)
                for code in bad
            ]
        )


def _said(base: LoadedScenario) -> Iterator[str]:
    for key in base.origins:
        if key.startswith(HISTORY):
            # A list counts as one value: not_goods.0 is said of not_goods.
            yield re.sub(r"\[\d+\]$|\.\d+$", "", key.removeprefix(HISTORY))


def _with_channels(section: OrdersSection, names: tuple[str, ...]) -> OrdersSection:
    """Take the channels of the file where the scenario does not know all of them."""
    if not names or set(names) <= set(section.channels) or len(names) > MOST_CHANNELS:
        return section
    if any(len(name) > MAX_TEXT_CHARACTERS for name in names):
        return section
    share = 1.0 / len(names)
    channels = {name: section.channels.get(name, Channel(share=share)) for name in names}
    return section.model_copy(update={"channels": channels})


def name_of(text: str) -> str:
    """Return a scenario's name made of a file's or folder's.

    >>> name_of("Orders May 2011.csv"), name_of("2011"), name_of("...")
    ('orders-may-2011', '2011', 'fitted')
    """
    stem = Path(text).stem if Path(text).suffix.lower() in {".csv", ".parquet", ".txt"} else text
    name = re.sub(r"[^a-z0-9_-]+", "-", stem.lower()).strip("-_")
    return name[:NAME_CHARACTERS].strip("-_") or "fitted"


def check_free(folder: Path, name: str, *, force: bool) -> None:
    """Refuse a folder that holds files of an earlier import, before any work is done."""
    _refuse_there(folder, [f"{name}.yaml", ITEMS_FILE, PAGE_FILE], force=force)


def _refuse_there(folder: Path, names: Sequence[str], *, force: bool) -> None:
    there = [name for name in names if os.path.lexists(folder / name)]
    if there and not force:
        found, hint = "found a file of this name", "name another folder, or add --force"
        expected = f"expected a folder without {', '.join(names)}"
        raise ScenarioError(
            [Problem(str(folder / name), 0, 0, "", found, expected, hint) for name in there]
        )


def write_files(
    folder: Path, texts: Mapping[str, str], copies: Mapping[str, Path], *, force: bool
) -> list[Path]:
    """Write files whole: each takes its name only when all of them are written.

    Parameters
    ----------
    folder
        Made if it is not there.
    texts, copies
        Texts by file name, and files to be copied.
    force
        Replace files that are there.

    Raises
    ------
    ScenarioError
        A file is there already, the folder cannot be written to, or the scenario is refused: the
        base says something that does not go with a fitted demand.
    """
    names = [*texts, *copies]
    _refuse_there(folder, names, force=force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".import.", dir=folder))
    except OSError as error:
        raise _cannot_write(folder, error) from None
    try:
        for name, text in texts.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="")
        for name, source in copies.items():
            shutil.copyfile(source, unfinished / name)
        _check_sound(unfinished, folder)
        for name in names:
            (unfinished / name).replace(folder / name)
    except OSError as error:
        raise _cannot_write(folder, error) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return [folder / name for name in names]


def _check_sound(unfinished: Path, folder: Path) -> None:
    """Refuse a scenario that `warelab check` would refuse, under the name it would have."""
    for path in unfinished.glob("*.yaml"):
        try:
            load(path)
        except ScenarioError as error:
            name = str(folder / path.name)
            hint = "the base scenario does not go with a fitted demand; name another one"
            raise ScenarioError(
                [replace(each, file=name, hint=each.hint or hint) for each in error.problems]
            ) from None


def _cannot_write(folder: Path, error: OSError) -> ScenarioError:
    found = f"found a folder that cannot be written to ({shown_value(error.strerror or 'error')})"
    hint = "name another folder with --out"
    return ScenarioError([Problem(str(folder), 0, 0, "", found, "expected a folder", hint)])
