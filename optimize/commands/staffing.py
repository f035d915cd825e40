import click
@click.command()
def staffing() -> None:
    """Plan the roster."""
