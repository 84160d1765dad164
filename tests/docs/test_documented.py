"""What is there is documented, and what is documented is there."""

from __future__ import annotations

import re
from pathlib import Path

from handrail.api.urls import api
from handrail.site.command_line import COMMANDS, HELP

ROOT = Path(__file__).resolve().parents[2]
OPERATE = ROOT / "docs/operate"


def headings(page: str) -> set[str]:
    text = (OPERATE / page).read_text()
    return set(re.findall(r"^## (.+)$", text, re.MULTILINE))


def test_every_setting_has_a_heading_and_every_heading_is_a_setting() -> None:
    read = {
        name
        for path in (ROOT / "src/handrail").rglob("*.py")
        for name in re.findall(
            r"environ(?:\.get\(|\[|\.setdefault\(|\.pop\()\s*\"([A-Z_]+)\"", path.read_text()
        )
    } - {"DJANGO_SETTINGS_MODULE"}
    assert headings("settings.md") == read


def test_every_command_has_a_heading_and_stands_in_the_help() -> None:
    assert headings("commands.md") == {f"handrail {command}" for command in COMMANDS}
    for command in COMMANDS:
        assert f"handrail {command}" in HELP


def test_every_operation_of_the_api_has_a_heading_with_its_path() -> None:
    text = (OPERATE / "api.md").read_text()
    operations = {
        operation["operationId"]: f"`{method.upper()} {path}`"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    }
    assert headings("api.md") == set(operations)
    for path in operations.values():
        assert path in text


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_every_file_that_the_house_map_names_is_there() -> None:
    text = (ROOT / "docs/house.md").read_text()
    named = re.findall(r"`((?:apps|site|web|frontend|integrations|domain|tests)/[\w./-]+)", text)
    assert len(named) > 20
    missing = [
        name
        for name in named
        if not any((base / name.rstrip("/")).exists() for base in (ROOT, ROOT / "src/handrail"))
    ]
    assert missing == []


def test_decisions_are_numbered_once_each() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs/decisions").glob("[0-9]*.md")]
    assert len(numbers) == len(set(numbers))


def test_every_installed_app_is_used() -> None:
    """What nobody imports, loads or names is not installed: it only would have to be kept safe."""
    source = ROOT / "src/handrail"
    settings = (source / "site/settings.py").read_text()
    foreign = re.findall(
        r'^    "((?!django\.|handrail\.|allauth)[a-z_.]+)",$', settings, re.MULTILINE
    )
    used = "\n".join(
        path.read_text()
        for path in [*source.rglob("*.py"), *source.rglob("*.html")]
        if path.name != "settings.py"
    )
    beside = {"csp", "whitenoise.runserver_nostatic"}  # at work through their middleware
    apps = {name for name in foreign if "Middleware" not in name} - beside
    assert {name for name in apps if not re.search(rf"\b{re.escape(name)}\b", used)} == set()
