"""What the model can ask of the desk itself. One module per noun."""
