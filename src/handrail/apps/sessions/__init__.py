"""Publishing and booking sessions, the room, check-in, checklist, artifact."""
