"""A Git repository's history as a team: people, zones, hours, skills by area, first merges.

Reads a local repository with the `git` program; keeps nothing, writes nothing, knows no model.
To switch it off, do not call it: nothing runs by itself.
"""

from handrail.integrations.git.history import (
    Change,
    NotReadable,
    read_history,
)
from handrail.integrations.git.team import GitMerge, GitPerson, GitTeam, team_of

__all__ = [
    "Change",
    "GitMerge",
    "GitPerson",
    "GitTeam",
    "NotReadable",
    "read_history",
    "team_of",
]
