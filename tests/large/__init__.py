"""A large world of each house, generated from one seed, with a ledger of the truth about it."""

SEED = 20261125
