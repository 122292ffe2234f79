"""Progress from a file: read a table, say what its columns hold, judge every line.

`reading.file.read_file()` gives a Sheet, `columns.recognising.recognise_table()` its Columns (a person may
correct them), `judging.lines.concerned()` the rows whose current values `judge()` there needs. What it makes of
them, `save()` takes. Only `stored` asks the database.
"""
