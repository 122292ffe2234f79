"""A made-up class of any size, always the same for the same size and seed."""

import random

from dashboard.views.classroom.matrix import ModuleColumn, StudentRow

HOSTILE = '<img src="http://evil.example/x.png" onerror="window.hurt=1">'
NAMES = "Ada Lovelace|Grace Hopper|Katherine Johnson|Alan Turing|Chinua Achebe|Wangari Maathai"
TOPICS = "Variables and types|Loops|Functions|Introduction to Python programming|Files|Testing"


def module_name(at: int) -> str:
    topics = TOPICS.split("|")
    return f"{topics[at % len(topics)]} {at // len(topics) + 1}"


def student_name(at: int) -> str:
    names = NAMES.split("|")
    return f"{names[at % len(names)]} {at + 1}"


def a_cell(chance: random.Random, scored: bool) -> str:
    letter = chance.choices("CIN", (5, 3, 3))[0]
    percent = {"C": "100", "I": str(chance.randrange(5, 95)), "N": ""}[letter]
    score = f"/{chance.choice(['55', '85.5', '66.6666666666666667', '92'])}"
    mark = chance.choices(["", "f", "s", "e", "p", "k", "fe"], (30, 2, 1, 2, 1, 1, 1))[0]
    return f"{letter}{percent}{score if scored and letter == 'C' else ''}{mark}"


def the_class(
    students: int, modules: int, seed: int = 7
) -> tuple[list[ModuleColumn], list[StudentRow]]:
    chance = random.Random(seed)
    types = ["Assessment" if at % 4 == 3 else "Course" for at in range(modules)]
    grid = [[a_cell(chance, kind == "Assessment") for kind in types] for _ in range(students)]
    return [
        ModuleColumn(f"m{at}", module_name(at), types[at], *counts([row[at] for row in grid]))
        for at in range(modules)
    ], [
        StudentRow(f"s{at}", student_name(at), ";".join(row), *counts(row), f"{at % 28 + 1} Nov")
        for at, row in enumerate(grid)
    ]


def counts(cells: list[str]) -> tuple[int, int, int]:
    letters = [cell[:1] for cell in cells]
    return letters.count("C"), letters.count("I"), letters.count("N")
