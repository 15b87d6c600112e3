"""Benches: what Harken costs, measured. `make bench`, or `make bench ONLY=name JSON=1`.

Each bench is a module of this folder with one function, `measure() -> Result`, and a line in
`bench.registry`. It runs in a process of its own with an empty `HARKEN_HOME`, so that none warms or slows
another.
"""
