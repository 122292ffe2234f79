"""The rules by which students need attention: what they say here, and what may be changed of them."""

from __future__ import annotations

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
from data.rules.attention import RULES, called
from data.rules.attention_figures import BY_KEY, Figures

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
    heading(f"Rules of {name}", 2)
    _draw_rules(rules, class_.id if class_ else None)
    if class_:
        links.to("classroom", "Open the class", **{"class": str(class_.id)})
    form.draw(rules, class_.id if class_ else None, name)
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


def _draw_rules(rules: OrganisationRules, class_id: UUID | None) -> None:
    held, own = rules.held(class_id), rules.choice_of(class_id).own
    table(
        key="attention_rules",
        caption="Rules",
        columns=(
            Column("Rule"),
            Column("When it holds"),
            Column("On"),
            Column("Chosen here"),
        ),
        rows=[
            (
                rule.title,
                rule.sentence(held),
                "On" if held[rule.key] else "Off",
                _chosen({key: value for key, value in own.items() if BY_KEY[key].rule == rule.key}),
            )
            for rule in RULES
        ],
        is_captioned=False,
    )


def _chosen(own: Figures, *, is_named: bool = False) -> str:
    """'Days at least: 10', or named 'Inactive: days at least: 10'."""
    return "; ".join(
        f"{called(figure) if is_named else figure.label or 'On or off'}: {figure.words(own[key])}"
        for key, figure in BY_KEY.items()
        if key in own
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
            yield Link(one.name, "school", address), _chosen(one.choice.own, is_named=True)
