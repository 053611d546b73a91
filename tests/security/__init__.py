"""The replay of the field's advisories: each class of attack against every tool it could touch."""
