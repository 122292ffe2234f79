"""Who asks, and how: sessions, signed claims, sign-in, errors in words, the audit log."""
