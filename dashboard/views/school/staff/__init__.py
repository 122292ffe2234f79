"""Colleagues: who may sign in, as what, and for which classes."""
