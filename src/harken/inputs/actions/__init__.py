"""Writes of the inputs room."""
