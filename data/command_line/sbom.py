"""`python -m data sbom`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from data.command_line.writing import write_file
from data.parts import bill_of_materials, licence_texts, licences


@click.command(name="sbom")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; without it JSON goes to standard output.",
)
@click.option(
    "--licences",
    "texts",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file for the texts of all licences.",
)
def export_parts(output: Path | None, texts: Path | None) -> None:
    """Write what the program is made of, with licences, as CycloneDX 1.6 (JSON)."""
    bill = bill_of_materials()
    if texts is not None:
        write_file(texts, licence_texts().encode())
    written = json.dumps(bill, indent=2, ensure_ascii=False)
    if output is None:
        click.echo(written)
        return
    write_file(output, written.encode())
    click.echo(f"{len(bill['components'])} packages are written to {output}. By licence:")
    for licence, names in licences(bill).items():
        click.echo(f"  {licence or 'none told'}: {', '.join(names)}")
