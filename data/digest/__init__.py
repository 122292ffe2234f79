"""The digest by mail: what is new in somebody's classes, and who needs attention and why."""
