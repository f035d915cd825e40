"""Who works which shift on which day, for named people over weeks."""
