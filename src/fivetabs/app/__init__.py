"""What happens to every call, whichever house answers it."""
