"""What the model can ask for. One module per noun; no I/O beyond the view each tool is handed."""
