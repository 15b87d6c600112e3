"""Pages of the documents room: reading, saying what became of what, and bringing outlines in."""
