"""Accounts from the command line: `harken account create`."""

import click

from harken.base.home import prepare_home
from harken.people.actions import create_user
from harken.people.models import User


@click.group()
def account() -> None:
    """Accounts of people."""


@account.command("create")
@click.argument("username")
@click.option("--email", default="", help="Address for mails and for signing in.")
@click.option("--operator", is_flag=True, help="May do everything on this site.")
@click.password_option(help="Asked for when not given.")
def create(username: str, email: str, password: str, *, operator: bool) -> None:
    """Open an account."""
    prepare_home()
    if User.objects.filter(username=username).exists():
        raise click.UsageError(f"There is an account {username} already.")
    create_user(username=username, password=password, email=email, is_operator=operator)
    click.echo(f"{username} can sign in.")
