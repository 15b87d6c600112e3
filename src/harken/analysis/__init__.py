"""Making sense of inputs: so far the command line over files of votes."""
