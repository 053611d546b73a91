"""Who we are to which cluster, read as kubectl reads it."""
