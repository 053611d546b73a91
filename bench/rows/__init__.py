"""One module for each row of the performance table: `TITLE`, and `measure(stand)`."""
