"""Home, process, search and the sample process: the only room that composes many."""
