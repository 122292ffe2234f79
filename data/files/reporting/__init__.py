"""Reports for a parent or the student: PDFs that can be read aloud (PDF/UA-1), set by typst.

What is stored goes into the template as data, never as markup. The fonts come from packages and not from
the system, so that a report looks the same everywhere; what they lack is replaced, and said.
"""
