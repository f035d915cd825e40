"""Which orders, from which aisles, make the best wave."""
