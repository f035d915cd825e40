"""What happens to an order: one step a file."""
