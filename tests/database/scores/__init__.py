"""How each rule of attention did, held against plain Python under a clock that can be set."""
