"""`python -m tests.database.releases NAME`: records the commit that is checked out as the last release."""

import click

from data.database.migrate import head
from tests.clusters import embedded_programs, running_cluster
from tests.database.releases.last_release import RECORD, Release, definitions, face, git


@click.command()
@click.argument("name")
def main(name: str) -> None:
    """Of the tag NAME, in last_release.txt: what comes next has to serve it."""
    changed, commit = git("diff", "HEAD", "--quiet"), git("rev-parse", "HEAD")
    if not (changed and commit) or changed.returncode or commit.returncode:
        raise click.ClickException("Commit first: a release is a commit.")
    with running_cluster(embedded_programs()) as cluster:
        found = face(cluster.new_database().owner_url)
    release = Release(name, commit.stdout.decode().strip(), head(), definitions(), found)
    RECORD.write_text(release.written(), encoding="utf-8")


if __name__ == "__main__":
    main()
