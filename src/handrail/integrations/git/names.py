"""Names for people who shall not be named: made up, stable, and no two alike in a team."""

from __future__ import annotations

import hashlib

FIRST = (
    "Ada", "Ali", "Ana", "Arno", "Bela", "Bram", "Cleo", "Dana", "Davi", "Edda", "Emil", "Esra",
    "Finn", "Gala", "Hugo", "Ida", "Ilan", "Ines", "Ivo", "Jana", "Joel", "Juno", "Kaia", "Kian",
    "Lale", "Leon", "Lina", "Luis", "Maja", "Mato", "Mila", "Nadia", "Nico", "Nora", "Olaf", "Olga",
    "Otis", "Pia", "Remi", "Rosa", "Sam", "Selma", "Taro", "Tess", "Uma", "Vito", "Wim", "Yara",
    "Zeno", "Zita",
)  # fmt: skip
LAST = (
    "Adler", "Alves", "Amari", "Baker", "Banks", "Berg", "Blum", "Bose", "Brand", "Chen", "Costa",
    "Cruz", "Dahl", "Diaz", "Eder", "Falk", "Faro", "Gupta", "Haas", "Hale", "Iqbal", "Ito",
    "Jansen", "Kaur", "Khan", "Klein", "Kovac", "Lang", "Lind", "Lopez", "Mori", "Nair", "Novak",
    "Okoye", "Olsen", "Park", "Quinn", "Rao", "Reyes", "Rossi", "Sato", "Silva", "Stein", "Sousa",
    "Tanaka", "Vega", "Weber", "Wolf", "Yilmaz", "Zeller",
)  # fmt: skip


def pseudonym(person_id: str, taken: set[str]) -> str:
    """A made-up name for an id; one already taken in this team moves on to the next."""
    number = int(hashlib.sha256(person_id.encode()).hexdigest()[:12], 16)
    while True:
        name = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}"
        if name not in taken or len(taken) >= len(FIRST) * len(LAST):
            taken.add(name)
            return name
        number += 1
