"""The class page's table and the history as files. Pure: no database, no page.

CSV and XLSX are written from the same rows, so that they cannot say different things. Figures are exact,
where the screen rounds a score to one decimal.
"""
