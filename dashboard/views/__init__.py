"""The pages, a folder each: `page.py`, and the parts that only it uses."""
