"""Writes of the analysis room."""
