"""The writers: `save` is the only one of progress; locks, drafts, notes, views and dismissals have theirs."""
