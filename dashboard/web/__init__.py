"""The server's edge: routes, connections, headers, live hints, uploads and their limits."""
