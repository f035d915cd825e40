"""What happened: the vocabulary of facts and the event log."""
