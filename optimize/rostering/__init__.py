"""Who works when: named people, their rules, and the cover that is asked for."""
