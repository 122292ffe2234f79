"""From bytes, or what was pasted, to a table: encodings, separators, worksheets, the line of headings."""
