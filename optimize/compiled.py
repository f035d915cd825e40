"""Compiles inner loops where numba is at hand; without it the same code runs interpreted.

Compiled code is kept beside its source for the next start. numba notices a change of the file of a
function, not of the files of the functions that it calls.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")

IS_COMPILED = find_spec("numba") is not None and os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
"""Whether inner loops run compiled; ``NUMBA_DISABLE_JIT=1`` in the environment says no."""


def compiled(function: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
    """Compile a function of numbers and arrays at its first call, without the global lock.

    Sums are added in the order in which they are written: the result is the same to the last bit
    as that of the interpreted function.
    """
    if not IS_COMPILED:
        return function
    import numba

    wrapped: Callable[Parameters, Returned]
    try:
        wrapped = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder may be written to: compiled anew in every process
        wrapped = numba.njit(nogil=True)(function)
    return wrapped
