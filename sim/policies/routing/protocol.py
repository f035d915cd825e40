"""What a routing rule offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from sim.warehouse.layout import Layout


class RoutingPolicy(Protocol):
    """A rule that turns a list of stops into a round trip from the depot.

    Attributes
    ----------
    name
        What a scenario calls the rule.
    summary
        The rule in one sentence.
    needs_aisles
        Whether the rule works on rectangular floors only.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    needs_aisles: ClassVar[bool]

    def __init__(self, layout: Layout) -> None: ...

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres.

        Parameters
        ----------
        stops
            Location ids in any order; repeats count once; empty means no walk.
        """
        ...

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order in which the picker passes them."""
        ...
