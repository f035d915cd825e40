"""The planner that decides; the simulator judges each of its plans."""
