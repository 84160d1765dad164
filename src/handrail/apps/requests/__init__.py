"""Requests: somebody asks for a session, a mentor answers in hours, or it goes on by itself."""
