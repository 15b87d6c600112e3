"""Writes of the documents room: texts, lineage, and the import of outlines."""
