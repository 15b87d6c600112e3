"""Views of the analysis room."""
