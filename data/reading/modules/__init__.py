"""One module: who is where in it, and how it goes."""
