"""Reports for a parent or the student: PDFs that can be read aloud (PDF/UA-1), set by typst.

What is stored goes into the template as data, never as markup. The fonts come from packages and not from
the system, so that a report looks the same everywhere; what they lack is replaced, and said.
"""

from data.files.reporting.contents import PrintedNote, ReportOptions
from data.files.reporting.making import (
    Cancelled,
    Kind,
    Making,
    OfClass,
    Report,
    class_report,
    fits_one_pdf,
    student_report,
)
from data.files.reporting.typesetting import NotMade

__all__ = [
    "Cancelled",
    "Kind",
    "Making",
    "NotMade",
    "OfClass",
    "PrintedNote",
    "Report",
    "ReportOptions",
    "class_report",
    "fits_one_pdf",
    "student_report",
]
