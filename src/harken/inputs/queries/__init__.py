"""Reads of the inputs room."""
