"""Pure: what we know of each noun, and how to read it from the API's answers."""
