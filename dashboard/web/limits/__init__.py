"""How much of the server one person, one address and one connection may take."""
