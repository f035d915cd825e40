"""In which order to walk to the picks of one list where goods lie in several places: which too."""
