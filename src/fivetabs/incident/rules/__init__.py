"""Rules over what the houses tell of themselves, alike for all of them."""
