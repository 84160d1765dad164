"""`handrail estimate DATA.csv`: Handrail's statistics on a file, without a database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handrail.apps.people.table import Unreadable
from handrail.apps.reports.data_file import Columns, read_data
from handrail.apps.reports.estimating import answer_json, answer_lines
from handrail.domain.evidence.question import Question
from handrail.domain.evidence.table import answer

SHOWN = 20  # problems that are named one by one
BAD_INPUT, REFUSED = 2, 1
MOST = 1e6  # times that an arm may be as large as the other


class Command(BaseCommand):
    help = (
        "Estimate what an offer of mentoring changed, from a CSV file with one row a person: "
        "effect, interval, verdict on a claim, and what is refused. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("data", type=Path, metavar="DATA.csv")
        parser.add_argument("--arm", required=True, metavar="COL", help="1 offered, 0 waiting")
        parser.add_argument(
            "--outcome", default="", metavar="COL", help="0/1 or a number; not for survival"
        )
        parser.add_argument(
            "--kind",
            choices=["binary", "mean", "survival"],
            help="default: survival with --time and --event, binary for 0/1, else mean",
        )
        parser.add_argument(
            "--time", default="", metavar="COL", help="days to the event or the end of follow-up"
        )
        parser.add_argument("--event", default="", metavar="COL", help="1 it happened, 0 not yet")
        parser.add_argument(
            "--take-up", default="", metavar="COL", help="1 (or sessions) attended, 0 not"
        )
        parser.add_argument(
            "--covariates", default="", metavar="A,B", help="known before the start"
        )
        parser.add_argument(
            "--strata", default="", metavar="COL", help="within which the lottery was drawn"
        )
        parser.add_argument(
            "--cluster",
            default="",
            metavar="COL",
            help="who is not independent: one mentor's hires",
        )
        parser.add_argument(
            "--design", choices=["randomised", "self-selected"], default="randomised"
        )
        parser.add_argument(
            "--ratio", default="", metavar="A:B", help="planned size of the arms, offered first"
        )
        parser.add_argument(
            "--claim",
            default="",
            metavar="X",
            help="in the outcome's unit (shares: .15), or relative (15%%; survival: --claim=-40%% "
            "is 40 %% faster); the sign is the good direction",
        )
        parser.add_argument(
            "--horizon", type=float, default=180.0, metavar="DAYS", help="for survival: 180"
        )
        parser.add_argument(
            "--looked", action="store_true", help="after weekly looks: the interval has 96 %%"
        )
        parser.add_argument("--json", type=Path, metavar="OUT")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = _columns(options)
        try:
            content = options["data"].read_bytes()
        except OSError as error:
            raise _bad(f"'{options['data']}' cannot be read: {error.strerror}.") from error
        try:
            table, kind, problems = read_data(content, columns, options["kind"])
        except Unreadable as error:
            raise _bad(str(error)) from error
        if table is None:
            for problem in problems[:SHOWN]:
                sys.stderr.write(f"{problem}\n")
            if len(problems) > SHOWN:
                sys.stderr.write(f"and {len(problems) - SHOWN} more\n")
            many = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
            raise _bad(f"{many}; nothing was estimated.")
        claim, relative = _claim(options["claim"])
        question = Question(
            kind=kind,
            design=options["design"],
            claim=claim,
            relative=relative,
            ratio=_ratio(options["ratio"]),
            horizon=options["horizon"],
            looked=options["looked"],
        )
        told = answer(table, question)
        name = options["outcome"] or options["event"]
        for line in answer_lines(told, question, name):
            self.stdout.write(line)
        if options["json"]:
            try:
                options["json"].write_text(answer_json(told, question, name), encoding="utf-8")
            except OSError as error:
                words = f"'{options['json']}' cannot be written: {error.strerror}."
                raise _bad(words) from error
        if told.blocked:
            raise CommandError("The report is blocked; no effect is told.", returncode=REFUSED)


def _bad(words: str) -> CommandError:
    return CommandError(words, returncode=BAD_INPUT)


def _columns(options: dict[str, Any]) -> Columns:
    survival = options["kind"] == "survival" or (options["kind"] is None and options["time"])
    if survival and not (options["time"] and (options["event"] or options["outcome"])):
        raise _bad("Survival needs --time (days) and --event (1 it happened, 0 not yet).")
    if not survival and not options["outcome"]:
        raise _bad("Say with --outcome which column is to be explained.")
    if not 0 < options["horizon"] < float("inf"):
        raise _bad("--horizon is a number of days above 0.")
    if not options["arm"]:
        raise _bad("Say with --arm which column tells who was offered it.")
    covariates = tuple(name.strip() for name in options["covariates"].split(",") if name.strip())
    _one_use_each(options, survival, covariates)
    return Columns(
        arm=options["arm"],
        outcome=options["outcome"],
        time=options["time"] if survival else "",
        event=(options["event"] or options["outcome"]) if survival else "",
        take_up=options["take_up"],
        covariates=covariates,
        strata=options["strata"],
        cluster=options["cluster"],
    )


def _one_use_each(options: dict[str, Any], survival: bool, covariates: tuple[str, ...]) -> None:
    """Nothing is explained by itself: each of these columns has one use."""
    event = options["event"] or options["outcome"]
    explained = (
        [(options["time"], "the days"), (event, "the event")]
        if survival
        else [(options["outcome"], "the outcome")]
    )
    uses = [
        (options["arm"], "the arm"),
        *explained,
        (options["take_up"], "the take-up"),
        *((name, "a covariate") for name in covariates),
    ]
    # Where everybody did as assigned, take-up may say the same again as the arm.
    fine = ({"the arm", "the take-up"}, {"a covariate"})
    for place, (name, use) in enumerate(uses):
        for other, before in uses[:place]:
            if name and name == other and {use, before} not in fine:
                raise _bad(f"'{name}' cannot be {before} and {use} at once: name two columns.")


def _claim(text: str) -> tuple[float | None, bool]:
    if not text:
        return None, False
    relative = text.strip().endswith("%")
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        raise _bad(f"--claim is a number like 0.15 or 15%, not '{text}'.") from None
    if number == 0 or number != number or abs(number) == float("inf"):
        raise _bad("--claim names a change, so it is not 0.")
    return (number / 100 if relative else number), relative


def _ratio(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        first, second = (float(part) for part in text.split(":"))
    except ValueError:
        raise _bad(f"--ratio is two numbers like 1:1, not '{text}'.") from None
    if not (0 < first <= MOST and 0 < second <= MOST and 1 / MOST <= first / second <= MOST):
        raise _bad("--ratio is two numbers above 0, neither a million times the other.")
    return first, second
