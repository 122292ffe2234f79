"""Which column holds what: by its heading, by what is in it, and as gradebooks write theirs."""
