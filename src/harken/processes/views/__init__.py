"""Pages of the processes room: timeline, organisers' settings, groups."""
