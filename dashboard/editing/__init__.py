"""Correcting progress: form, preview, conflict and outcome, shared by all pages that write."""
