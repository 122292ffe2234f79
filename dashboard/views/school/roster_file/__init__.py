"""People and classes from a file: chosen or pasted, understood, judged line by line, then previewed."""
