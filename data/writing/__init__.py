"""The writers: `save` is the only one of progress; locks, drafts, notes, responses, views and dismissals have
theirs."""
