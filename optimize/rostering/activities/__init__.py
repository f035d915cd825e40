"""People who change activity inside a shift: cover by quarter-hour, minutes by week."""
