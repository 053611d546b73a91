"""Our server measured by the protocol's own suite, and by clients that people use."""
