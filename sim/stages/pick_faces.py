"""Pick faces: what pickers need of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sim.clock.process import Wake

if TYPE_CHECKING:
    from sim.stages.house import House


class PickFaces(Protocol):
    """Units within the pickers' reach, topped up from the reserve."""

    def claim(self, sku: int, units: int) -> bool:
        """Claim units for a tour that starts now; False: the face holds too few."""
        ...

    def top_up_for(self, house: House, sku: int, units: int) -> Wake:
        """Have units brought; the event happens when they are there and claimed."""
        ...

    def settle(self, sku: int, claimed: int, taken: int) -> None:
        """End a claim: so many units were really taken."""
        ...

    def put_back(self, house: House, sku: int, units: int) -> None:
        """Put units back on the face."""
        ...

    def has_spare(self, sku: int) -> bool:
        """Tell whether an unclaimed unit lies on the face."""
        ...
