"""Figures of the rules of attention that an organisation or a class may choose, and days off."""

from data.database.migrations import run

revision = "0051_attention_figures"
down_revision = "0050_plain_names"


def upgrade() -> None:
    run("0051_attention_figures.sql")
