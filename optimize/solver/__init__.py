"""The only door to OR-Tools.

Whoever needs a solver hands over integers and gets back an answer that was checked, or a
`SolverError` that says in words what went wrong.
"""

from __future__ import annotations


class SolverError(Exception):
    """A model that must not be solved, or an answer that must not be used."""
