"""Systems with exact answers, played through ordinary scenarios."""
