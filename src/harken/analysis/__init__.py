"""Making sense of inputs: themes and what was coded with them, and the command line over files of votes and texts."""
