"""Reads: one function a question, shaped by SQL for the page that asks it."""
