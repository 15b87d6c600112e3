"""Views of the inputs room."""
