"""What a series of numbers must be before anything is said about it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def checked(
    values: Sequence[float] | Sequence[Sequence[float]] | Floats,
    name: str,
    dimensions: tuple[int, ...] = (1,),
    at_least: int = 1,
) -> Floats:
    """Return the values as an array of finite numbers.

    Parameters
    ----------
    values
        The numbers; time runs along the last axis.
    name
        What they are called in a message.
    dimensions
        Numbers of axes that are allowed.
    at_least
        Least length of the last axis.

    Raises
    ------
    ValueError
        Another number of axes, too short, or not finite everywhere.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.ndim not in dimensions:
        expected = " or ".join(str(d) for d in dimensions)
        raise ValueError(
            f"{name}: found {found.ndim} axes; expected {expected}, with time along the last one"
        )
    if found.shape[-1] < at_least or not found.size:
        raise ValueError(
            f"{name}: found shape {found.shape}; expected at least {at_least} numbers along the "
            "last axis: observe for longer"
        )
    if not np.isfinite(found).all():
        first = tuple(int(k) for k in np.argwhere(~np.isfinite(found))[0])
        raise ValueError(
            f"{name}: found {found[first]} at {first}; expected finite numbers: leave out what is "
            "undefined"
        )
    return found


def check_share(value: float, name: str) -> None:
    """Refuse what is not a probability strictly between 0 and 1.

    Raises
    ------
    ValueError
        It is not above 0 and below 1.
    """
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name}: found {value}; expected a share above 0 and below 1, as 0.05")


def check_positive(value: float, name: str) -> None:
    """Refuse what is not a finite number above 0.

    Raises
    ------
    ValueError
        It is not finite or not above 0.
    """
    if not 0.0 < value < float("inf"):
        raise ValueError(f"{name}: found {value}; expected a finite number above 0")
