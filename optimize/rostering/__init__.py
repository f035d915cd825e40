"""Who works when: named people and their duties."""
