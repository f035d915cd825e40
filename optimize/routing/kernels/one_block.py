"""The shortest round trip in one block, compiled."""

from __future__ import annotations

from optimize.compiled import compiled
from optimize.routing.one_block import shortest_in_one_block_m

one_block_m = compiled(shortest_in_one_block_m)
