"""What a rule has found, and the nearest name to a mistyped one."""

from __future__ import annotations

Finding = tuple[str, str, str, str]
"""Key path, what was found, what is expected, hint."""


def near(name: str, known: tuple[str, ...]) -> str:
    """Return the hint that names the known word nearest to a mistyped one, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}" if near else ""
