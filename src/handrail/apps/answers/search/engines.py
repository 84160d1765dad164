"""The two full-text engines: how each is set up, which entries each finds, how common words are.

An engine only chooses who may be best; what decides is the formula of the pages
(`domain.text.closeness`), so that both databases and a device order alike. For the choice words of
the title weigh 3, of aliases 2, of the answer 1. FTS5 measures a row as one text: there a long
answer would drown its own title at weight 1, so it has half of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from handrail.apps.answers.search_models import SearchEntry
from handrail.domain.text import Collection, closeness

ENTRIES: Final = SearchEntry._meta.db_table
WORDS: Final = "answers_searchwords"
COLUMNS: Final = ("title", "aliases", "body")
FTS5_WEIGHTS: Final = (3.0, 2.0, 0.5)
# PostgreSQL wants them for D, C, B and A, between 0 and 1.
TS_WEIGHTS: Final = "{0, 0.3333, 0.6667, 1}"
MOST_WORDS: Final = 40
LOOKED_AT: Final = 100  # the least that are measured by the formula
WEIGHED: Final = 500  # entries that tell how long one is: more would say nothing else

Readable = tuple[str, Sequence[Any]]  # a query for the ids that a viewer may read
Ranked = list[tuple[int, float]]  # ids of answers with their scores, best first


def best(
    organization_id: int, language: str, words: Sequence[str], readable: Readable, limit: int
) -> Ranked:
    """The entries of one language that are closest to these words, best first."""
    asked = list(dict.fromkeys(words))[:MOST_WORDS]
    if not asked:
        return []
    find = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    statement, values = find(organization_id, language, asked, readable, max(limit, LOOKED_AT))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    if not found:
        return []
    met = _met(organization_id, language, asked)
    collection = _collection(organization_id, language)
    ranked = [
        (answer_id, closeness(asked, [text.split() for text in texts], met, collection))
        for answer_id, *texts in found
    ]
    return sorted(ranked, key=lambda pair: (-pair[1], pair[0]))[:limit]


def _on_sqlite(
    organization_id: int, language: str, words: list[str], readable: Readable, limit: int
) -> tuple[str, list[Any]]:
    ids, values = readable
    weights = ", ".join(map(str, FTS5_WEIGHTS))
    columns = ", ".join(f"entry.{name}" for name in COLUMNS)
    statement = (
        f"SELECT entry.answer_id, {columns}"  # noqa: S608 - our own names
        f" FROM {WORDS} JOIN {ENTRIES} AS entry ON entry.id = {WORDS}.rowid"
        f" WHERE {WORDS} MATCH %s AND entry.organization_id = %s AND entry.language = %s"
        f" AND entry.answer_id IN ({ids})"
        f" ORDER BY bm25({WORDS}, {weights}), entry.answer_id LIMIT %s"
    )
    any_of = " OR ".join(f'"{word}"' for word in words)
    return statement, [any_of, organization_id, language, *values, limit]


def _on_postgresql(
    organization_id: int, language: str, words: list[str], readable: Readable, limit: int
) -> tuple[str, list[Any]]:
    """`ts_rank` knows nothing of how common a word is: each word's own rank times its rarity.

    Entries are looked at once: row security keeps the words' index from being asked first.
    """
    ids, values = readable
    columns = ", ".join(f"entry.{name}" for name in COLUMNS)
    statement = f"""
        WITH found AS MATERIALIZED (
            SELECT id, answer_id, lexemes FROM {ENTRIES}
            WHERE organization_id = %s AND language = %s AND lexemes @@ to_tsquery('simple', %s)
        ), asked AS MATERIALIZED (
            SELECT query, ln(1 + (total.n - met.n + 0.5) / (met.n + 0.5)) AS rarity
            FROM (SELECT to_tsquery('simple', word) AS query FROM unnest(%s::text[]) AS word) AS q,
            LATERAL (SELECT count(*) AS n FROM found WHERE lexemes @@ q.query) AS met,
            (SELECT count(*) AS n FROM {ENTRIES} WHERE organization_id = %s AND language = %s)
            AS total
        ), chosen AS (
            SELECT id, sum(rarity * ts_rank('{TS_WEIGHTS}', lexemes, query, 1)) AS score
            FROM found JOIN asked ON lexemes @@ query
            WHERE answer_id IN ({ids})
            GROUP BY id ORDER BY score DESC, id LIMIT %s
        )
        SELECT entry.answer_id, {columns} FROM chosen JOIN {ENTRIES} AS entry USING (id)
        """  # noqa: S608 - our own names
    quoted = [f"'{word}'" for word in words]
    ours = [organization_id, language]
    return statement, [*ours, " | ".join(quoted), quoted, *ours, *values, limit]


def _met(organization_id: int, language: str, words: list[str]) -> dict[str, tuple[int, int, int]]:
    """In how many titles, aliases and answers of these entries each word stands."""
    ours = [organization_id, language]
    if connection.vendor == "postgresql":
        fields = ", ".join(
            f"count(*) FILTER (WHERE lexemes @@ to_tsquery('simple', word || ':{weight}'))"
            for weight in "ABC"
        )
        statement = f"""
            WITH found AS MATERIALIZED (
                SELECT lexemes FROM {ENTRIES}
                WHERE organization_id = %s AND language = %s AND lexemes @@ to_tsquery('simple', %s)
            )
            SELECT n, {fields} FROM unnest(%s::text[]) WITH ORDINALITY AS asked (word, n)
            LEFT JOIN found ON lexemes @@ to_tsquery('simple', word) GROUP BY n ORDER BY n
            """  # noqa: S608 - our own names
        quoted = [f"'{word}'" for word in words]
        values: list[Any] = [*ours, " | ".join(quoted), quoted]
    else:
        one = (
            # CROSS: the words' index is asked first, else each entry would be looked up in it.
            f"SELECT count(*) FROM {WORDS} CROSS JOIN {ENTRIES} AS entry"  # noqa: S608 - our own names
            f" ON entry.id = {WORDS}.rowid WHERE {WORDS} MATCH %s"
            " AND entry.organization_id = %s AND entry.language = %s"
        )
        rows, values = [], []
        for n, word in enumerate(words):
            rows.append(f"SELECT {n} AS n, " + ", ".join([f"({one})"] * len(COLUMNS)))
            for name in COLUMNS:
                values += [f'{name} : "{word}"', *ours]
        statement = " UNION ALL ".join(rows)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        counted = {n: tuple(counts) for n, *counts in cursor.fetchall()}
    return dict(zip(words, (counted[n] for n in sorted(counted)), strict=True))


def _collection(organization_id: int, language: str) -> Collection:
    """How many entries there are, and how long the newest of them are."""
    ours: list[Any] = [organization_id, language]
    means = ", ".join(
        f"avg(CASE WHEN {name} = '' THEN 0.0"
        f" ELSE length({name}) - length(replace({name}, ' ', '')) + 1 END)"
        for name in COLUMNS
    )
    of_them = f"FROM {ENTRIES} WHERE organization_id = %s AND language = %s"
    statement = (
        f"SELECT (SELECT count(*) {of_them}), {means} FROM"  # noqa: S608 - our own names
        f" (SELECT {', '.join(COLUMNS)} {of_them} ORDER BY id DESC LIMIT {WEIGHED}) AS newest"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*ours, *ours])
        size, *of = cursor.fetchone()
    title, aliases, body = (float(mean or 0) for mean in of)
    return Collection(size, (title, aliases, body))


def install(**signal: Any) -> None:
    """After `migrate`: FTS5 and its triggers, which a rebuilt table loses without a word."""
    database = connections[signal["using"]]
    if database.vendor != "sqlite" or ENTRIES not in database.introspection.table_names():
        return
    wanted = _triggers()
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [ENTRIES]
        )
        present = {name for (name,) in cursor.fetchall()}
        if set(wanted) <= present:
            return
        columns = ", ".join(COLUMNS)
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} USING fts5({columns},"
            f" content='{ENTRIES}', content_rowid='id',"
            " tokenize='unicode61 remove_diacritics 0')"
        )
        for name, statement in wanted.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)
    rebuild(database)


def rebuild(database: BaseDatabaseWrapper) -> None:
    """Make FTS5's index anew from the entries; PostgreSQL's needs nothing."""
    if database.vendor != "sqlite":
        return
    with database.cursor() as cursor:
        cursor.execute(f"INSERT INTO {WORDS}({WORDS}) VALUES ('rebuild')")  # noqa: S608 - our own names


def _triggers() -> dict[str, str]:
    columns = ", ".join(COLUMNS)
    new, old = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("new", "old"))
    add = f"INSERT INTO {WORDS}(rowid, {columns}) VALUES (new.id, {new});"  # noqa: S608 - our own names
    take = (
        f"INSERT INTO {WORDS}({WORDS}, rowid, {columns})"  # noqa: S608 - our own names
        f" VALUES ('delete', old.id, {old});"
    )
    bodies = {"INSERT": add, "DELETE": take, "UPDATE": take + add}
    return {
        f"{WORDS}_{event.lower()}": (
            f"CREATE TRIGGER {WORDS}_{event.lower()} AFTER {event} ON {ENTRIES} BEGIN {body} END"
        )
        for event, body in bodies.items()
    }
