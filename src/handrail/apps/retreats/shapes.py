"""Templates of retreats: agendas and kit lists to start from; each line may be changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from handrail.apps.retreats.models import BlockKind

WORK, MENTORING, SOCIAL = BlockKind.WORK, BlockKind.MENTORING, BlockKind.SOCIAL


@dataclass(frozen=True, slots=True)
class BlockShape:
    """A block: its day, its start in minutes after midnight, its length."""

    day: int
    starts_min: int
    minutes: int
    kind: BlockKind
    title: str
    objective: str = ""


@dataclass(frozen=True, slots=True)
class KitShape:
    name: str
    per_person: bool = False
    quantity: int = 1
    to_ship: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The starting values of a retreat."""

    key: str
    name: str
    summary: str
    objective: str
    days: int
    blocks: tuple[BlockShape, ...]
    kit: tuple[KitShape, ...]


HEADSET = KitShape(gettext_noop("Headset"), per_person=True, to_ship=True)
BADGE = KitShape(gettext_noop("Name badge"), per_person=True)
POWER = KitShape(gettext_noop("Power strip"), quantity=2)
PENS = KitShape(gettext_noop("Pens and sticky notes"))

KICK_OFF = Shape(
    key="kick-off",
    name=gettext_noop("Two-day kick-off"),
    summary=gettext_noop("Meet, agree on the first weeks, and pair newcomers with mentors."),
    objective=gettext_noop("Everybody knows whom to ask, and what their first change is"),
    days=2,
    blocks=(
        BlockShape(
            1,
            10 * 60,
            60,
            WORK,
            gettext_noop("Arrive and say hello"),
            gettext_noop("Everybody has spoken once"),
        ),
        BlockShape(
            1,
            11 * 60,
            90,
            WORK,
            gettext_noop("How we work"),
            gettext_noop("One page of agreements, written together"),
        ),
        BlockShape(1, 12 * 60 + 30, 60, SOCIAL, gettext_noop("Lunch")),
        BlockShape(
            1,
            13 * 60 + 30,
            90,
            MENTORING,
            gettext_noop("First pairs"),
            gettext_noop("Each newcomer has set up their tools with a mentor"),
        ),
        BlockShape(
            1,
            15 * 60 + 30,
            90,
            WORK,
            gettext_noop("First changes"),
            gettext_noop("Each newcomer has chosen a first change"),
        ),
        BlockShape(1, 19 * 60, 120, SOCIAL, gettext_noop("Dinner")),
        BlockShape(
            2,
            9 * 60,
            120,
            MENTORING,
            gettext_noop("Work in pairs"),
            gettext_noop("A first change is ready for review"),
        ),
        BlockShape(
            2,
            11 * 60 + 30,
            60,
            WORK,
            gettext_noop("The next four weeks"),
            gettext_noop("Who meets whom, and when"),
        ),
        BlockShape(2, 12 * 60 + 30, 60, SOCIAL, gettext_noop("Lunch")),
        BlockShape(
            2,
            13 * 60 + 30,
            60,
            WORK,
            gettext_noop("Close"),
            gettext_noop("Each one says their next step"),
        ),
    ),
    kit=(HEADSET, BADGE, POWER, PENS, KitShape(gettext_noop("Display adapter"))),
)

TOOLING_SPRINT = Shape(
    key="tooling-sprint",
    name=gettext_noop("One-day tooling sprint"),
    summary=gettext_noop("One tool, one day: short lessons, then work on it side by side."),
    objective=gettext_noop("Everybody has used the tool on their own work once"),
    days=1,
    blocks=(
        BlockShape(
            1,
            9 * 60,
            30,
            WORK,
            gettext_noop("Set the tool up"),
            gettext_noop("The tool runs on every machine"),
        ),
        BlockShape(
            1,
            9 * 60 + 30,
            60,
            WORK,
            gettext_noop("The tool in one hour"),
            gettext_noop("Everybody has done the main steps once"),
        ),
        BlockShape(
            1,
            10 * 60 + 45,
            105,
            MENTORING,
            gettext_noop("Work in pairs"),
            gettext_noop("The tool is used on a real task"),
        ),
        BlockShape(1, 12 * 60 + 30, 60, SOCIAL, gettext_noop("Lunch")),
        BlockShape(
            1,
            13 * 60 + 30,
            120,
            MENTORING,
            gettext_noop("Work in pairs, swapped"),
            gettext_noop("A second task, with another mentor"),
        ),
        BlockShape(
            1,
            15 * 60 + 45,
            45,
            WORK,
            gettext_noop("Show and note"),
            gettext_noop("What was learned is written down"),
        ),
    ),
    kit=(BADGE, POWER, PENS),
)

HUB_DAY = Shape(
    key="hub-day",
    name=gettext_noop("One day in several hubs"),
    summary=gettext_noop("Small groups in a few places, joined by video twice a day."),
    objective=gettext_noop("One decision is made and everybody had a say"),
    days=1,
    blocks=(
        BlockShape(
            1,
            10 * 60,
            45,
            WORK,
            gettext_noop("All hubs together"),
            gettext_noop("Everybody knows the question"),
        ),
        BlockShape(
            1,
            11 * 60,
            90,
            WORK,
            gettext_noop("In the hubs"),
            gettext_noop("Each hub has a proposal"),
        ),
        BlockShape(1, 12 * 60 + 30, 60, SOCIAL, gettext_noop("Lunch")),
        BlockShape(
            1,
            13 * 60 + 30,
            60,
            WORK,
            gettext_noop("All hubs together"),
            gettext_noop("The decision is made and written down"),
        ),
    ),
    kit=(
        BADGE,
        KitShape(gettext_noop("Room speaker with microphone"), quantity=1, to_ship=True),
        PENS,
    ),
)

SHAPES: dict[str, Shape] = {shape.key: shape for shape in (KICK_OFF, TOOLING_SPRINT, HUB_DAY)}
