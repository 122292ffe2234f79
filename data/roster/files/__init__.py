"""People and classes from a file: read into one shape, compared with what is there, as changes to preview.

`reading.file.read_roster()` gives a Given, whatever file it was; `present.present_roster()` what is there;
`comparing.compare.compare()` a verdict on every line, and the changes that data.roster.save writes.
"""
