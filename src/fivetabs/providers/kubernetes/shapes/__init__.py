"""Pure: what we know of each kind of object, and how to read it from the API's JSON."""
