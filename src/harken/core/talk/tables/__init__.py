"""Tables that people fill in: CSV, spreadsheets, lines of text; and which of their columns means what."""
