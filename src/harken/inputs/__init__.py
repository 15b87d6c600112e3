"""The ledger: what people say, through any channel, kept as it was said."""
