"""A delivery of use from each sender, written in its shape: invented people, and little else."""

from __future__ import annotations

from typing import Any

SCHEME_OF = {"gitlab-token": "gitlab"}  # which kind a scheme belongs to, where the names differ
# Each receiving kind: a body, and the headers it needs beside its signature.
USED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "greenhouse": ({"action": "hire_candidate", "payload": {"application": {"id": 7}}}, {}),
    "ashby": (
        {"action": "candidateHire", "webhookActionId": "d-7", "data": {"application": {"id": "a"}}},
        {},
    ),
    "workable": ({"event_type": "candidate_moved", "data": {"id": "w", "stage": "Hired"}}, {}),
    "recruitee": (
        {"event_type": "candidate_moved", "payload": {"details": {"to_stage": {"name": "Hired"}}}},
        {},
    ),
    "bamboohr": ({"employees": [{"id": "5", "action": "Updated"}]}, {}),
    "hibob": ({"type": "employee.updated", "employee": {"id": "b"}}, {}),
    "standard": ({"type": "candidate.hired", "data": {"application_id": "s"}}, {}),
    "github": (
        {"action": "closed", "pull_request": {"merged": True, "number": 3}},
        {"x-github-event": "pull_request"},
    ),
    "gitlab": ({"object_kind": "merge_request", "object_attributes": {"action": "merge"}}, {}),
    "gitea": (
        {"action": "closed", "pull_request": {"merged": True, "number": 3}},
        {"x-gitea-event": "pull_request"},
    ),
    "forgejo": (
        {"action": "closed", "pull_request": {"merged": True, "number": 3}},
        {"x-forgejo-event": "pull_request"},
    ),
}
RECEIVING = [*USED, "gitlab-token"]
