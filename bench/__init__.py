"""Figures against their floors, measured in the same run. Prints; never judges by its exit code."""
