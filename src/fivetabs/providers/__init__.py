"""The houses: one package for each kind of backend, all with the same rooms."""
