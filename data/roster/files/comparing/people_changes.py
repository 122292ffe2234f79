"""What a file changes of people themselves: who is new, and whose name, address or number is another."""

from collections.abc import Iterator
from typing import Any, Final

from data.i18n.dates import short_date
from data.roster.changes import RosterChange, added, changed
from data.roster.files.comparing.known_people import described
from data.roster.files.comparing.matching import Matched, Someone
from data.roster.files.comparing.verdicts import RosterVerdict, Stop, Told
from data.roster.files.present import Known, Present
from data.roster.words import FIELDS

NO_ADDRESS: Final = "A colleague needs an e-mail address: it is what signs in."


def people_changes(
    present: Present, matched: Matched, allow_renames: bool, told: Told
) -> tuple[list[RosterChange], list[Stop]]:
    """Somebody of whom nothing may be said is taken out of `matched`, with the reason."""
    changes: list[RosterChange] = []
    stops: list[Stop] = []
    holders = {one.number: one for one in present.people.values() if one.number}
    addresses = {
        (one.email or "").casefold(): one for one in present.people.values() if one.kind == "staff"
    }
    for someone in matched.everybody():
        if someone.is_gone:
            continue
        why = _refusal(someone, holders, addresses)
        if why is None and someone.becomes_another and not allow_renames:
            why = _another(someone)
            stops.append(Stop("renames", why, (someone.known.full_name,) if someone.known else ()))
        if why is not None:
            matched.doubt(someone, why)
        elif someone.known is None:
            changes.append(_new(someone, present))
            told.say(
                someone.place, someone.said["full_name"], RosterVerdict.NEW, _new_words(someone)
            )
        else:
            changes += _known(someone, someone.known, present, told)
    return changes, stops


def _refusal(
    someone: Someone, holders: dict[str, Known], addresses: dict[str, Known]
) -> str | None:
    said, known = someone.said, someone.known
    if someone.kind == "staff":
        if known is None and "email" not in said:
            return NO_ADDRESS
        other = addresses.get(said.get("email", "").casefold())
        if other is not None and known is not None and other.id != known.id:
            return f"The e-mail address is {other.full_name}’s here. Correct one."
        return None
    holder = holders.get(said.get("number", ""))
    if (
        holder is not None
        and holder.merged_into is None
        and known is not None
        and holder.id != known.id
    ):
        return f"The number is {described(holder)}’s here, and the line is {described(known)}. Correct one."
    return None


def _another(someone: Someone) -> str:
    known = someone.known
    if known is None:  # who is new becomes nobody else
        return ""
    return (
        f"{someone.place}: by {someone.by} this is {described(known)}, but the name is another: "
        f"{someone.said['full_name']}. Is it the same person?"
    )


def _new(someone: Someone, present: Present) -> RosterChange:
    values: dict[str, Any] = {"organisation_id": present.organisation, **someone.said}
    if someone.kind == "staff":
        values = {**values, "role": "teacher"}
        values.pop("number", None)
    return added(someone.kind, {"id": someone.id}, **values)


def _new_words(someone: Someone) -> str:
    said = [(FIELDS[name].lower(), value) for name, value in someone.said.items()]
    told = ", ".join(f"{name} {value}" for name, value in said[1:])
    return f"New {'student' if someone.kind == 'student' else 'teacher'}{told and f': {told}'}."


def _known(someone: Someone, known: Known, present: Present, told: Told) -> Iterator[RosterChange]:
    sentences: list[str] = []
    before, after = _values(someone, known, present, sentences)
    change = changed(known.kind, {"id": known.id}, before, after)
    if change is not None and change.before is not None and change.after is not None:
        told_of = [name for name in change.after if name != "left_on"]
        sentences[:0] = [_difference(one, before[one], after[one]) for one in told_of]
        yield change
    outcome = RosterVerdict.SAME if change is None else RosterVerdict.CHANGED
    told.say(someone.place, known.full_name, outcome, *sentences)


def _values(
    someone: Someone, known: Known, present: Present, sentences: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is there and what the file says of it; what stays as it is is said in `sentences`."""
    if known.kind == "staff" and not _is_changed_by_files(known, present, sentences):
        return {}, {}
    before: dict[str, Any] = {"full_name": known.full_name, "email": known.email}
    after: dict[str, Any] = {
        name: value for name, value in someone.said.items() if name != "number"
    }
    if known.kind == "student":
        before |= {"number": known.number}
        after = dict(someone.said)
    if (after.get("email") or "").casefold() == (known.email or "").casefold():
        after.pop("email", None)
    if known.kind == "student" and not known.is_active:
        before |= {"is_active": False, "left_on": known.left_on}
        after |= {"is_active": True, "left_on": None}
    locked = present.locks_of(known.id)
    for name in [one for one in after if one in locked]:
        value = after.pop(name)
        if name != "left_on" and value != before[name]:
            sentences.append(f"{FIELDS[name]} stays {_shown(before[name])}: staff corrected it.")
    return before, after


def _is_changed_by_files(known: Known, present: Present, sentences: list[str]) -> bool:
    if not known.is_active:
        sentences.append("The access is switched off, and stays so.")
    return known.is_active and not known.is_above_files and known.id != present.me


def _difference(name: str, before: Any, after: Any) -> str:
    if name == "is_active":
        return "Is here again."
    return f"{FIELDS[name]}: {_shown(before)} → {_shown(after)}."


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else short_date(value) if hasattr(value, "year") else str(value)
