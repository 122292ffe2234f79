"""From a table's lines to verdicts: who and which module is meant, what changes, what is wrong."""
