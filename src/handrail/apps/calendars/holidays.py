"""Public holidays by country and region, from a library that is loaded when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

LANGUAGES = {"de": ("de", "en_US"), "en": ("en_US", "en_GB")}


def public_holidays(
    code: str, first: date, last: date, language: str = "en"
) -> Iterator[tuple[date, str]]:
    """Days and names of a country ("DE") or region ("DE-BE") from first to last; "" has none."""
    if not code:
        return
    for year in range(first.year, last.year + 1):
        for day, name in _of_year(code, year, language):
            if first <= day <= last:
                yield day, name


@lru_cache(maxsize=2_000)
def _of_year(code: str, year: int, language: str) -> tuple[tuple[date, str], ...]:
    import holidays  # 0.2 s and 9 MB: only for who has chosen a country

    country, _dash, region = code.partition("-")
    if region not in regions().get(country, ("",)) and region:
        region = ""  # a region that the library knows no more: the country's days still hold
    if country not in regions():
        return ()
    kind = holidays.country_holidays(country)
    known = getattr(kind, "supported_languages", ()) or ()
    spoken = next((one for one in LANGUAGES.get(language, ()) if one in known), None)
    found = holidays.country_holidays(
        country, subdiv=region or None, years=year, expand=False, language=spoken
    )
    return tuple(sorted(found.items()))


@lru_cache(maxsize=1)
def regions() -> dict[str, tuple[str, ...]]:
    """Each country that has holidays to choose, with the codes of its regions."""
    import holidays  # as above

    return {country: tuple(codes) for country, codes in holidays.list_supported_countries().items()}


def next_holiday(code: str, today: date, language: str) -> tuple[date, str] | None:
    """The next public holiday of a country or region within a year."""
    return next(public_holidays(code, today, today + timedelta(days=366), language), None)
