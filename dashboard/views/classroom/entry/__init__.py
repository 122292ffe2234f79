"""Typing in the matrix: one cell is saved at once, a block by way of its preview."""
