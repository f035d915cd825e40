"""Amounts on the command line: ``1%``, ``0.05``, ``KPI=AMOUNT``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.experiments.gates import Amount, Wanted


def amount_named(option: str, words: str, wanted: Wanted) -> Amount:
    """Return the amount that an option's words say.

    Raises
    ------
    click.UsageError
        They say none that will do.
    """
    from sim.errors import shown_value
    from sim.experiments.gates import read_amount

    try:
        return read_amount(words, wanted)
    except ValueError as error:
        raise click.UsageError(f"{option}: found {shown_value(words)}; {error}") from None


def kpi_amounts(option: str, words: tuple[str, ...]) -> dict[str, Amount]:
    """Return the amounts by KPI; a KPI that is named twice has its last one.

    Raises
    ------
    click.UsageError
        A word is no ``KPI=AMOUNT``, or neither way of the KPI is better; all of them are said.
    """
    from sim.errors import shown_value
    from sim.experiments.gates import better_way, read_amount

    amounts, problems = {}, []
    for word in words:
        name, sign, digits = word.partition("=")
        try:
            check_kpi(name)
            better_way(name)
            amounts[name] = read_amount(digits if sign else "nothing")
        except ValueError as error:
            problems.append(f"{option}: found {shown_value(word)}; {error}")
    if problems:
        raise click.UsageError("\n".join(problems))
    return amounts


def check_kpi(name: str) -> None:
    """Refuse a word that is no KPI.

    Raises
    ------
    ValueError
        It is none; the nearest one is named.
    """
    from sim.kpis import KPIS
    from sim.scenario.problems import suggestion

    if name not in KPIS:
        hint = suggestion(name, KPIS) or "docs/kpis.md names them all"
        raise ValueError(f"expected a KPI; {hint}")
