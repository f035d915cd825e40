"""What a warehouse could decide otherwise: one decision a file."""
