"""The sample process: a made-up movement's strategy, written by hand, and a generator of more of it."""
