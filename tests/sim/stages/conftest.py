"""Gives the stages' tests a house to play in."""

from __future__ import annotations

import pytest

from tests.sim.stages.by_hand import Hand


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """Plays order books written by hand."""
    return Hand(monkeypatch)
