"""The findings of a whole town: each on one page, each fix as the rules would have it."""

from sqlalchemy import Connection

from data.reading.data_check.finding import Finding, fix
from data.reading.data_check.found import doubted, findings_of
from data.reading.data_check.rules import RULES
from data.reading.people import clock
from data.rules.details import is_scored
from data.rules.progress import settle


def test_pages_hold_every_finding_once_and_settle_takes_every_fix(north: Connection) -> None:
    counted = doubted(north)
    now = clock(north)
    for rule in RULES:
        pages: list[Finding] = []
        while page := findings_of(north, rule.key, 7, pages[-1] if pages else None):
            pages += page
        assert len(pages) == len({(one.student_id, one.module_id) for one in pages})
        assert counted[rule.key] == (len(pages), len({one.student_id for one in pages}))
        kinds = {(one.student_id, one.module_id): one.module_type for one in pages}
        for edit in fix(rule, pages, now):
            kind = kinds[edit.student_id, edit.module_id]
            settled = settle(edit.changes, edit.seen, is_scored(kind), now)
            assert settled.problems == []
            assert settled.values == edit.changes
    assert sum(one.rows for one in counted.values()) > 50
