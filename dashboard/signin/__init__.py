"""Signing in: the gate, the providers, the expiry of sessions, the page."""
