"""Correcting one module of one student."""
