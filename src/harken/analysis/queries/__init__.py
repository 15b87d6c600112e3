"""Reads of the analysis room."""
