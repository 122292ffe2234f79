"""`python -m tests.rls`: who sees what, tried on both servers and printed.

`--write` writes it to .github/who-sees-what.txt, with what the schema's files make of a database
(data/database/schema_expected.txt) and, before that, the one of them that is made of the data check's rules;
`--mutants` counts what notices each of them instead, and names those that nobody could notice, with the reason.
"""

import sys
from pathlib import Path
from typing import Final

import click

from data.access.engine import engine_for_once
from data.database import schema_expected
from data.database.kinds import Kind
from tests.clusters import DEBIAN_15, Scratch, embedded_programs, running_cluster
from tests.database.bare_host import attached, bare
from tests.rls import judging, matrix, mutating
from tests.rls.furnishing import furnished_database
from tests.rls.printing import printed

WRITTEN: Final = Path(__file__).resolve().parents[2] / ".github" / "who-sees-what.txt"


@click.command()
@click.option(
    "--mutants", is_flag=True, help="Drop and loosen whatever guards, and count what notices."
)
@click.option("--write", is_flag=True, help=f"Keep it in {WRITTEN.name}, and the definitions.")
def main(mutants: bool, write: bool) -> None:
    """Try the whole matrix on PostgreSQL 18 and, where it is there, Debian's 15."""
    if mutants:
        _tell_mutants()
        return
    programs = [embedded_programs(), *([DEBIAN_15] if DEBIAN_15.exists() else [])]
    if write:
        judging.FILE.write_text(judging.written(), encoding="utf-8")
    texts = []
    for one in programs:
        with running_cluster(one) as cluster:
            scratch = furnished_database(cluster)
            found = matrix.run(scratch)
            texts.append(printed(found))
            for cell in found:
                if not cell.is_as_expected:
                    click.echo(
                        f"{cell.who.label}: {cell.statement}: {cell.expected}, not {cell.found}"
                    )
            if write:
                _write_definitions(scratch, attached(*bare(cluster)))
            cluster.drop(scratch)
    if write:
        WRITTEN.write_text(texts[0], encoding="utf-8")
    click.echo(texts[0], nl=False)
    if len(set(texts)) > 1:
        click.echo("The servers differ.")
        sys.exit(1)


def _tell_mutants() -> None:
    with running_cluster(embedded_programs()) as cluster:
        scratch = furnished_database(cluster)
        found = mutating.run(cluster, scratch, mutating.everything(scratch))
        for group in mutating.equivalents(scratch):
            click.echo(f"Equivalent: {group.reason}")
            click.echo("".join(f"  {what}\n" for what in sorted(group.mutants)))
        click.echo(mutating.told(found))


def _write_definitions(standalone: Scratch, attached: Scratch) -> None:
    of_kinds = {Kind.STANDALONE: defined(standalone), Kind.ATTACHED: defined(attached)}
    schema_expected.EXPECTED_FILE.write_text(schema_expected.written(of_kinds), encoding="utf-8")


def defined(scratch: Scratch) -> dict[str, str]:
    """The digests of what guards there, as the app's login finds them."""
    with engine_for_once(scratch.app_url) as engine, engine.connect() as connection:
        return schema_expected.digests(schema_expected.definitions(connection))


if __name__ == "__main__":
    main(prog_name="python -m tests.rls")
