"""What every component of ours shares: its parts, and the line to the browser."""
