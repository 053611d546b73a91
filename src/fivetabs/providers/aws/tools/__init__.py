"""What the model can ask for. One module for each noun; no I/O beyond the view it is handed."""
