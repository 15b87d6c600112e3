"""Forms of the processes room: the process itself, and the groups that carry it."""
