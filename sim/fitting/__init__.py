"""Laws fitted to an imported history: pure functions of what was read, no clock, no model."""
