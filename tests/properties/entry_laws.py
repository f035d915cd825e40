"""What is known of mistakes of entry while a log is read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Entries:
    """Mistakes of entry on their way.

    ``addresses``: orders with a wrong address that nobody mended; ``detours``: shipments that went
    to a wrong door, ``from_supplier``: those that never do; ``form``: SKU and units that the order
    form of a line typed wrong says; ``aside``: lines still to be named of shipments put aside;
    ``seen``, ``righted``: lines that a packer has seen, and those that are as ordered again.
    """

    addresses: set[int] = field(default_factory=set)
    detours: set[int] = field(default_factory=set)
    from_supplier: set[int] = field(default_factory=set)
    form: dict[int, tuple[int, int]] = field(default_factory=dict)
    aside: dict[int, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    righted: set[int] = field(default_factory=set)
