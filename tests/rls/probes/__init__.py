"""What no row of the matrix shows: that triggers and functions do their work, and no way leads round them."""

from data.access.claims import ClaimsKey
from tests.rls.probes.attention import ATTENTION, of_attention
from tests.rls.probes.attention_rules import ATTENTION_RULES
from tests.rls.probes.calls import CALLS
from tests.rls.probes.digests import DIGESTS, of_digests
from tests.rls.probes.disclosures import DISCLOSURES, of_disclosures
from tests.rls.probes.erasure import NOBODY_ELSE, of_erasure
from tests.rls.probes.everybody import NO_STUDENTS, of_everybody
from tests.rls.probes.figures import FIGURES, of_past_figures
from tests.rls.probes.finding import FINDING
from tests.rls.probes.history import APPEND_ONLY, HISTORY
from tests.rls.probes.locks import LOCKS
from tests.rls.probes.names import IN_OTHERS_NAMES
from tests.rls.probes.notes import NOTES
from tests.rls.probes.paths import PATHS, of_signed_paths
from tests.rls.probes.peeks import PEEKS, UNREAD, of_cheap_peeks
from tests.rls.probes.probe import Probe
from tests.rls.probes.retention import NO_PERIODS, of_retention
from tests.rls.probes.roles import LOCKED, REPORTS, WRITES
from tests.rls.probes.roster import KEPT
from tests.rls.probes.roster_guards import GUARDS, of_roster_guards
from tests.rls.probes.roster_history import ROSTER_HISTORY
from tests.rls.probes.roster_paths import ROSTER_PATHS
from tests.rls.probes.sign_in import of_sign_in
from tests.rls.probes.signatures import of_key
from tests.rls.probes.staff_students import of_staff_students
from tests.rls.probes.targets import TARGETS


def everything(key: ClaimsKey) -> list[Probe]:
    """All probes, always in the same order; what is signed in them is believed for two minutes."""
    return [
        *(*APPEND_ONLY, *HISTORY, *FIGURES, *LOCKS, *CALLS, *NOTES, *IN_OTHERS_NAMES, *PEEKS, *UNREAD),
        *(*PATHS, *REPORTS, *WRITES, *LOCKED, *KEPT, *GUARDS, *ROSTER_HISTORY, *ROSTER_PATHS, *NOBODY_ELSE),
        *(*NO_PERIODS, *ATTENTION, *ATTENTION_RULES, *of_attention(key), *TARGETS),
        *(*of_key(key), *of_sign_in(key), *of_past_figures(key), *of_cheap_peeks(key), *of_signed_paths(key)),
        *(*of_staff_students(key), *of_erasure(key), *of_retention(key), *of_roster_guards(key)),
        *(*DISCLOSURES, *of_disclosures(key), *NO_STUDENTS, *of_everybody(key)),
        *(*DIGESTS, *of_digests(key), *FINDING),
    ]  # fmt: skip
