"""The rules by which students need attention: what they say here, and what may be changed of them."""

from collections.abc import Iterator
from uuid import UUID

from dashboard import reads
from dashboard.components import links
from dashboard.components.table import Cell, Column, Link, table
from dashboard.components.text import heading, notice, paragraph
from dashboard.components.toolbar import Control, by_address, toolbar
from dashboard.views.school.attention_rules import form, history, holidays, scores
from data.i18n.formats import unlike
from data.reading.attention_rules.chosen import (
    OrganisationRules,
    attention_rules,
    organisation_of,
)
from data.roster.reading.managed import ManagedSchool, Organisation

ADDRESS = "organisation", "class"


def draw(school: ManagedSchool) -> None:
    """The rules of an organisation or of one of its classes, the form that changes them, days off, and who
    changed what."""
    if not school.organisations:
        paragraph("There is no organisation yet.")
        return
    wanted = links.named_in_address("class")
    asked = links.named_in_address("organisation")
    if asked is None and wanted is not None:
        asked = reads.ask(organisation_of, wanted)
    organisation = next(
        (one for one in school.organisations if one.id == asked), school.organisations[0]
    )
    rules = reads.ask(attention_rules, organisation.id)
    class_ = next((one for one in rules.classes if one.id == wanted), None)
    _draw_choice(school, organisation, rules, class_.id if class_ else None)
    if wanted and not class_:
        notice("That class is not here, or archived. Showing the whole organisation instead.")
    name = class_.name if class_ else organisation.name
    form.draw(rules, class_.id if class_ else None, name)
    if class_:
        links.to("classroom", "Open the class", **{"class": str(class_.id)})
    if class_ is None:
        _draw_differing(rules)
        holidays.draw(rules)
        scores.draw(len(school.organisations))
    history.draw(rules)


def _draw_choice(
    school: ManagedSchool,
    organisation: Organisation,
    rules: OrganisationRules,
    class_id: UUID | None,
) -> None:
    names = unlike({one.id: one.name for one in rules.classes})
    several = len(school.organisations) > 1
    controls = [
        Control(
            *("organisation", "Organisation", "choice", str(organisation.id)),
            tuple((str(one.id), one.name) for one in school.organisations),
        )
    ]
    toolbar(
        key="attention_rules_bar",
        label="Whose rules to show",
        controls=[
            *(controls if several else []),
            Control(
                *("class", "Rules of", "choice", str(class_id or "")),
                tuple((str(one), name) for one, name in names.items()),
                nothing="All classes",
            ),
        ],
        sentence="A class has its organisation’s rules, but for what was chosen for the class itself.",
        can_clear=False,
        on_event=by_address(*ADDRESS),
    )


def _draw_differing(rules: OrganisationRules) -> None:
    heading("Classes with rules of their own", 2)
    table(
        key="attention_differing",
        caption="Classes with rules of their own",
        columns=(Column("Class", "link"), Column("What was chosen for it")),
        rows=[*_differing(rules)],
        empty="All classes have these rules.",
        is_captioned=False,
    )


def _differing(rules: OrganisationRules) -> Iterator[tuple[Cell, ...]]:
    for one in rules.classes:
        if one.choice.own:
            address = {
                "show": "attention",
                "organisation": str(rules.id),
                "class": str(one.id),
            }
            yield Link(one.name, "school", address), form.chosen(one.choice.own, is_named=True)
