"""Forms of the analysis room."""
