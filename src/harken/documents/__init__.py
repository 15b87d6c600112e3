"""Documents, passages with permanent ids, versions, revisions and lineage."""
