"""Reads of the documents room: pages, lineage, and what an outline would change."""
