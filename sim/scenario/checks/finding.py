"""What a rule has found, and which names a decision knows."""

from __future__ import annotations

Finding = tuple[str, str, str, str]
"""Key path, what was found, what is expected, hint."""


def near(name: str, known: tuple[str, ...]) -> str:
    """Return the hint that names the known word nearest to a mistyped one, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}" if near else ""


def added_rules(decision: str) -> list[str]:
    """Return the names of a decision's rules that other packages add by entry point."""
    from importlib.metadata import entry_points

    prefix = f"{decision}."
    names = [point.name for point in entry_points(group="warelab.policies")]
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
