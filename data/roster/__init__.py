"""People, classes and modules: what a school that manages its own roster changes of them, and undoes."""
