"""Raw Engine API JSON into frozen values. Pure."""
