"""Laws and shares that the random warehouses draw from."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


def law(distribution: str, size: float, cv: float = 0.5) -> dict[str, Any]:
    """Return a law of some mean."""
    if distribution == "deterministic":
        return {"distribution": distribution, "value": size}
    if distribution == "exponential":
        return {"distribution": distribution, "mean": size}
    return {"distribution": distribution, "mean": size, "cv": cv}


def laws(*sizes: float) -> st.SearchStrategy[dict[str, Any]]:
    """Laws of some kind with one of the means."""
    kinds = st.sampled_from(["deterministic", "exponential", "gamma", "lognormal"])
    return st.builds(law, kinds, st.sampled_from(sizes))


def rates(*values: float) -> st.SearchStrategy[float]:
    """One of some shares."""
    return st.sampled_from(values)
