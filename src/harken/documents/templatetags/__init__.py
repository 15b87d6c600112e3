"""Tags of the documents room."""
