"""Systems with exact answers, worked out here by formula or as Markov chains, never by simulation."""
