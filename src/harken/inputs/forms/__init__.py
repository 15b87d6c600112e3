"""Forms of the inputs room."""
