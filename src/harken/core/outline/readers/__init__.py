"""One reader for each format; all of them give the same stream of blocks."""
