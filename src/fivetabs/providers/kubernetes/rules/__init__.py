"""Pure: evidence in, findings out. One module per noun; `order.py` says which explains first."""
