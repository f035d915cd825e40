"""What planners decide on and CI fails on: how long, how often, how sure, which one."""
