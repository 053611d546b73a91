"""Pure: evidence in, findings out. One module for each noun."""
