"""Packages of other systems, as tests write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

MANIFEST = (
    "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nsource.systemCode,sis\n"
)

USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
)
ENROLLMENTS = (
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate\n"
)
CLASSES = (
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
)
ORGS = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
SESSIONS = (
    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
)


def packed(tables: Mapping[str, str], folder: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in tables.items():
            parts.writestr(f"{folder}{name}.csv", "\ufeff" + text)
    return file.getvalue()


@dataclass
class OneRoster:
    """A bulk export of OneRoster 1.1: lines of each table, added to by tests."""

    mode: str = "bulk"
    status: str = ""
    users: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    enrollments: list[str] = field(default_factory=list)
    orgs: list[str] = field(default_factory=lambda: ["o-1,,,North,school,,"])

    def user(
        self,
        key: str,
        name: str,
        *,
        role: str = "student",
        email: str = "",
        number: str = "",
        org: str = "o-1",
        status: str | None = None,
        enabled: str = "true",
    ) -> OneRoster:
        first, _, last = name.partition(" ")
        said = self.status if status is None else status
        self.users.append(
            f"{key},{said},,{enabled},{org},{role},{key},,{first},{last},,{number},{email},,,,,s3cret"
        )
        return self

    def class_(
        self, key: str, title: str, *, code: str = "", org: str = "o-1", status: str | None = None
    ) -> OneRoster:
        said = self.status if status is None else status
        self.classes.append(f"{key},{said},,{title},,c-1,{code},scheduled,,{org},t-1,,,")
        return self

    def enrol(
        self, class_key: str, *people: str, status: str | None = None, end: str = ""
    ) -> OneRoster:
        said = self.status if status is None else status
        for person in people:
            self.enrollments.append(
                f"e{len(self.enrollments)},{said},,{class_key},o-1,{person},student,,,{end}"
            )
        return self

    def tables(self) -> dict[str, str]:
        modes = "".join(f"file.{one},{self.mode}\n" for one in ("users", "classes", "enrollments"))
        always = "file.orgs,bulk\nfile.academicSessions,bulk\nfile.demographics,bulk\n"
        return {
            "manifest": MANIFEST + modes + always,
            "orgs": ORGS + "\n".join(self.orgs),
            "academicSessions": f"{SESSIONS}t-1,,,Year,schoolYear,2026-08-01,2027-07-31,,2027\n",
            "users": USERS + "\n".join(self.users),
            "classes": CLASSES + "\n".join(self.classes),
            "enrollments": ENROLLMENTS + "\n".join(self.enrollments),
            "demographics": "sourcedId,status,dateLastModified,birthDate,sex\ns-1,,,2010-01-01,\n",
        }

    def zipped(self, folder: str = "") -> bytes:
        return packed(self.tables(), folder)
