"""The demo made messy, what its figures have to be, and what pages and reports read of it, each read once."""

import random
from collections.abc import Iterator
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import Connection, text

from data import demo
from data.access.session import Actor, acting_as, connect
from data.database import embedded
from data.database.claims_keys import present_key
from data.open import start_embedded
from data.reading.classes.matrix import Matrix
from data.reading.classes.page import class_page
from data.reading.students.page import StudentPage, student_page
from data.reading.students.report import Reported, reported
from data.settings import read_settings
from tests.demo_data import demo_folder
from tests.figures import mess, stored
from tests.figures.figures import OfClass, Oracle
from tests.profiles import chosen

STUDENTS = 20
SEED = 13


@pytest.fixture(scope="module")
def demo_server() -> Iterator[embedded.Server]:
    """A server of this file's own, with the demo made messy."""
    with demo_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROGRESS_DATA_DIR", str(folder))
        server = start_embedded(read_settings())
        mess.plant(server.owner_url, chosen(sample=SEED, nightly=random.randrange(10**6)))
        st.cache_resource.clear()  # the app's own database of another file's server
        yield server
        st.cache_resource.clear()
        embedded.stop(server)


@pytest.fixture(scope="module")
def oracle(demo_server: embedded.Server) -> Oracle:
    return Oracle(stored.read(demo_server.owner_url))


@pytest.fixture(scope="module")
def admin(demo_server: embedded.Server) -> Iterator[Connection]:
    """The questions of somebody who may see everything."""
    database = connect(demo_server.app_url, key=present_key(demo_server.owner_url))
    with acting_as(Actor(demo.ADMIN, "", "admin", database=database)) as connection:
        yield connection
    database.engine.dispose()


@pytest.fixture(scope="module")
def needy(admin: Connection) -> dict[UUID, int]:
    """How many students of each class are flagged; by which rules whom, tests/database/attention asks."""
    rows = admin.execute(
        text("""
            select class_id, count(distinct student_id)
            from dashboard.flags(array(select id from roster.class), now())
            group by class_id
        """)
    )
    return {row[0]: row[1] for row in rows}


@pytest.fixture(scope="module")
def students(oracle: Oracle) -> list[UUID]:
    """Those who are looked at: some of the classes, and a few of no class."""
    rng = random.Random(SEED)
    placed = sorted({one for those in oracle.stored.students_of.values() for one in those})
    others = sorted(set(oracle.stored.students) - set(placed))
    wanted = chosen(sample=STUDENTS, nightly=len(placed))
    return [*rng.sample(placed, min(wanted, len(placed))), *rng.sample(others, 10)]


@pytest.fixture(scope="module")
def matrices(admin: Connection, oracle: Oracle) -> dict[UUID, Matrix]:
    """Every class's table."""
    found = {one: class_page(admin, {"class": one}).matrix for one in oracle.classes}
    return {one: table for one, table in found.items() if table is not None}


@pytest.fixture(scope="module")
def student_pages(admin: Connection, students: list[UUID]) -> dict[UUID, StudentPage]:
    found = {one: student_page(admin, one) for one in students}
    return {one: page for one, page in found.items() if page is not None}


@pytest.fixture(scope="module")
def reports(admin: Connection, students: list[UUID]) -> list[Reported]:
    return reported(admin, students)


@pytest.fixture(params=range(11))
def of_class(request: pytest.FixtureRequest, oracle: Oracle) -> OfClass:
    """Each class in turn."""
    place: int = request.param
    return sorted(oracle.classes.values(), key=lambda one: one.id)[place]
