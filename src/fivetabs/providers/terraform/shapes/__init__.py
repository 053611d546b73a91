"""What the backend says, as frozen types. Pure."""
