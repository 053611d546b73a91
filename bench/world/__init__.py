"""A made-up world of 5,000 pods on a real API server: the same one for the same seed."""
