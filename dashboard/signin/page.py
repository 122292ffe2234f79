"""The faces of the sign-in with accounts: come in, not let in, signed out."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from dashboard.components.text import alert, heading, markdown_safe, paragraph
from dashboard.signin.trouble import Trouble
from data.access.sign_in import SignInRefusal

SIGNED_OUT: Final = (SignInRefusal.EXPIRED, SignInRefusal.ENDED)
"""Refusals that another sign-in cures."""

WHY_NOT: Final = {
    SignInRefusal.UNKNOWN: "Nobody on the staff here has your e-mail address.",
    SignInRefusal.NO_EMAIL: "The sign-in service told no e-mail address of yours.",
    SignInRefusal.UNVERIFIED: "The sign-in service does not confirm that your e-mail address is yours.",
    SignInRefusal.TAKEN: "The person with your e-mail address signs in here with another account.",
    SignInRefusal.DISABLED: "Your account here was switched off.",
}

WHY_FAILED: Final[Mapping[str, str]] = {
    Trouble.AWAY: "The sign-in service cannot be reached just now. Wait a moment and try again.",
    Trouble.FAILED: "Signing in did not work: it was cancelled or refused there, or took too long. Try again.",
    Trouble.SETUP: (
        "Signing in did not work: the sign-in service and this dashboard are not set up for each other. "
        "Trying again does not help. Ask {contact}: the server's log says why."
    ),
    Trouble.CLOCK: (
        "Signing in did not work: the clocks of the sign-in service and of this server differ by more than "
        "2 minutes. Ask {contact}."
    ),
    Trouble.STILL_THERE: (
        "You are signed out here, and may still be signed in at the sign-in service. On a computer that others "
        "use, sign out there too."
    ),
    Trouble.LINK: "That link was used already, or is older than 10 minutes.",
}


def why_it_failed(trouble: str, contact: str) -> str | None:
    """The sentence for a sign-in that led nowhere; None where the address tells of none."""
    sentence = WHY_FAILED.get(trouble)
    return sentence and sentence.format(contact=contact)


def why_signed_out(refusal: SignInRefusal, hours: float) -> str:
    """The sentence for somebody who was signed in until just now."""
    if refusal is SignInRefusal.EXPIRED:
        return f"You were signed out because you signed in more than {hours:g} hours ago."
    return "You were signed out here, in another tab or on another device."


def draw_way_in(
    labels: dict[str, str], trouble: str | None, come_in: Callable[[str], None]
) -> None:
    """One button a service; `labels` are theirs by key, `trouble` a sentence about what went wrong."""
    heading("Progress")
    if trouble is not None:
        alert(trouble)
    paragraph("Sign in with the account that you have at your school.")
    for number, (key, label) in enumerate(labels.items()):
        shown = f"Sign in with {markdown_safe(label)}"
        if st.button(
            shown, key=f"sign_in_{key}", type="secondary" if number else "primary", width=320
        ):
            come_in(key)


def draw_refusal(
    refusal: SignInRefusal, email: str, contact: str, leave: Callable[[], None]
) -> None:
    """The whole page for somebody who may not come in: why, whom to ask, and the way out."""
    heading("You do not have access")
    alert(WHY_NOT[refusal])
    who = f" You signed in as {email}." if email else ""
    paragraph(f"Ask {contact}.{who}")
    if st.button("Sign out", key="sign_out", type="primary"):
        leave()


def draw_link(trouble: str | None) -> None:
    """The page of one's own school where its link was not followed; `trouble` says why it is over."""
    heading("Progress")
    if trouble is not None:
        alert(trouble)
    paragraph(
        "This is a school on this computer. Open the link that is in the terminal where the dashboard runs. It "
        "works once; for another, press Ctrl-C there and start the dashboard again."
    )
