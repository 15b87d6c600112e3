"""Processes, their phases and what each opens, iterations and the calendar."""
