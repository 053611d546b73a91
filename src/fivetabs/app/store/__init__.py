"""What the server keeps on disk; the only part of `app` that touches it."""
