"""Texts as people rewrite them: words, passages, differences, alignment, similarity and lineage. Plain Python."""
