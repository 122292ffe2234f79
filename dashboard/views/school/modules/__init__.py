"""Modules: their pass marks and lessons, and those that are given to no class any more."""
