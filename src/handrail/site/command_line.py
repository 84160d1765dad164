"""The `handrail` command: a page of help that a person can follow, then Django's commands."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

HELP = """\
Handrail: short, steady support while people climb.

Try it
  handrail demo              a real remote team plays the whole loop, then look at it
                             on http://localhost:8000

Set up for real use
  handrail init              make an empty install with one organisation and administrator
  handrail import people     read people from a CSV file, line by line
  handrail import merges     read merged changes from a CSV file
  handrail import git        read people and first merges from a Git repository's history
  handrail serve             serve the pages and the API
  handrail worker            send mails and reminders, where a process of its own does it
  handrail mail-in           follow answers to invitations that came by mail
  handrail recover           let somebody in who cannot sign in any more
  handrail epoch             after an older backup was put back: devices send what it lacks
  handrail ledger            check the seals over the audit record and over what people allowed
  handrail answers reindex   make the search index of answers anew
  handrail answers refit     from which likeness on a hit is called the answer

Work on plain files, without a database
  handrail match             match the people of a CSV file, with reasons and a certificate
  handrail estimate          what an offer changed: effect, interval, verdict, what is refused
  handrail verify            check a signed statement or badge and whether it was taken back
  handrail simulate          make up a company with a known truth, as CSV files

Look at what happened
  handrail report            write the report as HTML and JSON
  handrail measures          every program side by side, from the database or from Parquet files

Each command explains itself: handrail COMMAND --help
Settings are environment variables: docs/operate/settings.md
"""

COMMANDS = (
    "demo",
    "init",
    "import",
    "serve",
    "worker",
    "mail-in",
    "recover",
    "epoch",
    "ledger",
    "answers",
    "match",
    "estimate",
    "verify",
    "simulate",
    "report",
    "measures",
)
ON_FILES = ("match", "estimate", "verify", "simulate")
# Every command of Django's takes these; they work, but the help of ours is for people.
FOR_DEVELOPERS = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
}
# Python looks for garbage after every 700 new things. A start makes hundreds of thousands that
# stay, and looking at them again and again finds nothing.
NEW_THINGS = 25_000
DJANGO_COMMANDS = ("migrate", "makemigrations", "check", "shell", "collectstatic")


def main(argv: list[str] | None = None) -> None:
    """Run one command; an unknown one is answered with what there is."""
    gc.set_threshold(NEW_THINGS)
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        sys.stdout.write(HELP)
        return
    if arguments[0] == "--version":
        from handrail import __version__  # only here: help needs nothing

        sys.stdout.write(f"{__version__}\n")
        return
    if arguments[0] not in COMMANDS + DJANGO_COMMANDS:
        sys.stderr.write(f"handrail: there is no command '{arguments[0]}'.\n\n{HELP}")
        raise SystemExit(2)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.site.settings")
    if arguments[0] == "demo":
        use_demo_home(arguments)
    if arguments[0] in ON_FILES and "--into-database" not in arguments:
        run_on_files(arguments)
        return
    if arguments[0] in COMMANDS:
        run(arguments)
        return
    # Settings are read on import: the demo's home must be known before.
    from django.core.management import execute_from_command_line

    execute_from_command_line(["handrail", *arguments])


def run(arguments: list[str]) -> None:
    """One of our own commands: what goes wrong is said in words, never as a stack trace."""
    import django
    from django.core.management import ManagementUtility
    from django.core.management.base import BaseCommand, CommandError
    from django.db import DatabaseError

    django.setup()
    from handrail.apps.organizations.refusals import Refusal  # needs settings
    from handrail.web.views.health import schema_is_current

    BaseCommand.suppressed_base_arguments = FOR_DEVELOPERS
    name = arguments[0].replace("-", "_")  # a module's name takes no dash
    command = ManagementUtility(["handrail", *arguments]).fetch_command(name)
    command._called_from_command_line = True  # type: ignore[attr-defined]
    options = vars(command.create_parser("handrail", arguments[0]).parse_args(arguments[1:]))
    try:
        command.execute(*options.pop("args", ()), **options)
    except CommandError as error:
        _end(str(error), error.returncode)
    except Refusal as refusal:
        _end("\n".join([*refusal.detail.get("lines", []), str(refusal.message)]), 2)
    except DatabaseError:
        if schema_is_current():
            raise
        _end(
            "The database is not set up, or older than this version. "
            "Begin with: handrail init. After an update: handrail migrate.",
            2,
        )
    except KeyboardInterrupt:
        _end("Stopped.", 130)
    except BrokenPipeError:  # whoever read our lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run_on_files(arguments: list[str]) -> None:
    """A command that reads and writes plain files: it starts without database, rooms and pages."""
    from django.conf import settings
    from django.core.management import load_command_class
    from django.core.management.base import BaseCommand, CommandError

    if not settings.configured:
        settings.configure(USE_I18N=False)
    BaseCommand.suppressed_base_arguments = FOR_DEVELOPERS
    command = load_command_class("handrail.site", arguments[0])
    command._called_from_command_line = True  # type: ignore[attr-defined]
    options = vars(command.create_parser("handrail", arguments[0]).parse_args(arguments[1:]))
    try:
        command.execute(*options.pop("args", ()), **options)
    except CommandError as error:
        _end(str(error), error.returncode)
    except KeyboardInterrupt:
        _end("Stopped.", 130)
    except BrokenPipeError:  # whoever read our lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(words: str, code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.write(f"{words}\n")
    raise SystemExit(code)


def use_demo_home(arguments: list[str]) -> None:
    """Keep the demo's database, mails and key in a folder of its own."""
    home = "var/demo"
    for place, argument in enumerate(arguments):
        if argument == "--home" and place + 1 < len(arguments):
            home = arguments[place + 1]
        elif argument.startswith("--home="):
            home = argument.removeprefix("--home=")
    os.environ["HANDRAIL_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    os.environ["HANDRAIL_MAIL"] = "folder"
    os.environ.pop("HANDRAIL_MAIL_IN", None)
    os.environ["HANDRAIL_SERVED_ON_LOOPBACK"] = "yes"
