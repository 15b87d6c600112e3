"""Plain Python that knows no framework: usable from a notebook with no settings."""
