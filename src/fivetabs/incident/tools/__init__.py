"""What the model can ask of the estate as a whole. One module per noun."""
