"""A table on its way into the database, kept in the session: read, columns recognised, every line judged."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Final
from uuid import uuid4

import streamlit as st

from dashboard import reads
from dashboard.editing.preview import Proposal
from dashboard.editing.tables_in.open_tables import Place
from dashboard.reads import fresh, roster
from dashboard.web.limits.heavy_work import TABLES
from data.files.importing.cells.answers import Answers, OpenQuestion
from data.files.importing.columns.mapping import Columns, Sets
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import CurrentRow, Judgement
from data.files.importing.reading.file import read_file, read_pasted
from data.files.importing.roster import Roster
from data.files.importing.sheet import Sheet, UnreadableFile
from data.files.importing.stored import current_values
from data.rules.progress import Key

SETS: Final = "upload_sets"


@dataclass
class Upload:
    """One table. `content` is the file where it can be read otherwise; `token` is in its widgets' keys.

    `asked` are the questions that the table raised so far, `answers` what a person said to them; with other
    columns a new `round` of them begins, in widgets of its own.
    The judgement is over what was stored at the version `as_of`; `is_judged_anew` says that it changed since;
    `saved` changes of it are saved already.
    """

    sheet: Sheet
    columns: Columns
    content: bytes | None = None
    asked: dict[tuple[str, str], OpenQuestion] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)
    round: int = 0
    judgement: Judgement | None = None
    judged_over: tuple[Roster, Mapping[Key, CurrentRow]] | None = None
    as_of: str = ""
    is_judged_anew: bool = False
    saved: int = 0
    token: str = field(default_factory=lambda: uuid4().hex[:8])

    def key(self, name: str) -> str:
        """A widget's key."""
        return f"upload_{name}_{self.token}"

    def understand(self, columns: Columns) -> None:
        """What the columns mean from now on. What was answered may not be meant of these: it is asked anew."""
        self.columns = columns
        self.asked, self.answers, self.judgement = {}, Answers(), None
        self.round += 1

    def say_sets(self, sets: Sets | None) -> None:
        """What the modules' columns set, in this table and, unless said otherwise, in the next."""
        self.understand(replace(self.columns, sets=sets))
        st.session_state[SETS] = sets

    def answer(self, question: OpenQuestion, choice: object) -> None:
        """What a person says of the whole table."""
        self.answers = self.answers.answered(question, choice)
        self.judgement = None


UPLOAD: Final = Place[Upload]("upload")


def open_file(
    name: str, content: bytes, source: str, sheet: str | None = None, encoding: str | None = None
) -> None:
    """Read a file, or say why it cannot be; `source` is the key of the field that it came from."""

    def read() -> Sheet:
        return read_file(
            name, content, sheet=sheet, encoding=encoding, known=lambda: roster.roster().texts()
        )

    _open(read, content, source)


def open_pasted(text: str, source: str) -> None:
    """Read a table that was pasted into the field of the key `source`, or say why it cannot be."""
    _open(lambda: read_pasted(text), None, source)


def keep_what_is_left(saved: int) -> None:
    """After a save: the table stays open while there are lines of it that could not be taken."""
    upload = UPLOAD.current()
    if upload is None or upload.judgement is None or not upload.judgement.rejected:
        UPLOAD.close()
        return
    upload.saved += saved
    upload.judgement = None


def _open(read: Callable[[], Sheet], content: bytes | None, source: str) -> None:
    author = reads.visit().actor.id
    try:
        with TABLES.one(author):
            sheet = read()
        columns = recognise_table(sheet, roster.roster())
    except UnreadableFile as unreadable:
        UPLOAD.refuse(str(unreadable), source)
        return
    if columns.sets is None:
        columns = replace(columns, sets=st.session_state.get(SETS))
    kept = content if sheet.further or sheet.encoding else None
    UPLOAD.open(Upload(sheet, columns, kept))


def judged(upload: Upload, here: tzinfo, progress: Callable[[float], None]) -> Judgement:
    """A verdict on every line, over what is stored now: worked out once for the same answers and values."""
    version = reads.visit().version
    if upload.judgement is not None and upload.as_of == version:
        return upload.judgement
    known = roster.roster()
    keys = concerned(upload.sheet, upload.columns, known)
    progress(0.2)
    over = known, fresh.ask(current_values, keys)
    progress(0.4)
    if upload.judgement is None or upload.judged_over != over:
        upload.is_judged_anew = upload.judgement is not None
        upload.judgement = judge(
            upload.sheet,
            upload.columns,
            *over,
            reads.visit().now,
            here,
            answers=upload.answers,
            progress=lambda fraction: progress(0.4 + 0.6 * fraction),
        )
    upload.asked |= {one.id: one for one in upload.judgement.questions}
    upload.judged_over, upload.as_of = over, version
    return upload.judgement


def proposals(judgement: Judgement) -> Iterator[Proposal]:
    """The lines that change something, for the preview."""
    for line in judgement.lines:
        if line.edit is not None and line.student is not None and line.module is not None:
            module = line.module
            yield Proposal(line.edit, line.student.name, module.name, module.type, line.notes)
