"""Stories: a trouble (or none) on the rig's real backends, a question, the right answer."""
