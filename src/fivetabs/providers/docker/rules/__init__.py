"""What is wrong with a container, and why. Pure."""
