"""What the model may ask of an engine."""
