"""Which keys of a scenario move which KPI: Morris screens many, Sobol divides the variance."""
