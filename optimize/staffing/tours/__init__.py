"""Tours: how many people of each group start which shift on which day of the week."""
