"""Why a house is as fast as it is: work against hands before a run, waits and levers after it."""
