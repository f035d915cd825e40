"""A benchmark of policies: a suite is played, kept as reviewed text, and held against that text."""
