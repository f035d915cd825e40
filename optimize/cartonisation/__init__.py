"""Do these goods go into that box? Rooms of cuboids, turned as it suits, none inside another."""
