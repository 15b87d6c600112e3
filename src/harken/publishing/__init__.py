"""The static copy: the whole public site as files that any host can serve."""
