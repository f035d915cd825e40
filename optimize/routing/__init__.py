"""In which order to walk to the picks of one list."""
