"""Systems with exact answers: by formula or as Markov chains, never by simulation."""
