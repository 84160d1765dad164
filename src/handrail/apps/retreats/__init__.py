"""Retreats: a short meeting in one place or a few hubs, with its people, agenda and kit."""
