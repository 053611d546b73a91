"""What is wrong or risky, from what was read. Pure."""
