from __future__ import annotations

import numpy as np
import pytest

from sim.orders.streams import ALL_REPLICATIONS, next_draw, stream

GOLDEN = {
    ("arrivals/web", 0): ["794642d8bcc79162", "b4e1f47af481818a", "86b7c788d89f066e"],
    ("pick/search-time", 7): ["0f9b3ffdba340ed6", "53d8b269ed3b399c", "9eec086163eef4a0"],
    ("catalogue/popularity", ALL_REPLICATIONS): [
        "5bf9ef7c6f6f493d",
        "cfce0a7e86048841",
        "693e0c4ee9567308",
    ],
}


@pytest.mark.parametrize(("name", "replication"), GOLDEN)
def test_a_stream_never_changes(name: str, replication: int) -> None:
    """The first words of three streams are those written down, on every machine and version."""
    words = stream(20261122, name, replication).bit_generator.random_raw(3)
    assert [f"{int(word):016x}" for word in np.asarray(words)] == GOLDEN[name, replication]


def test_the_order_of_asking_plays_no_part() -> None:
    """A stream is found by its name: what was asked for before does not move it."""
    alone = stream(1, "b", 0).random(5)
    stream(1, "a", 0).random(1000)
    assert np.array_equal(stream(1, "b", 0).random(5), alone)


def test_each_part_of_the_key_counts() -> None:
    """Another seed, name, replication, entity or draw number gives another stream."""
    first = [
        float(rng.random())
        for rng in (
            stream(1, "a", 0),
            stream(2, "a", 0),
            stream(1, "b", 0),
            stream(1, "a", 1),
            stream(1, "a", ALL_REPLICATIONS),
            next_draw(1, "a", 0, 0, 1),
            next_draw(1, "a", 0, 1, 0),
            next_draw(1, "a", 0, 11, 1),
            next_draw(1, "a", 0, 1, 11),
        )
    ]
    assert len(dict.fromkeys(first)) == len(first)
