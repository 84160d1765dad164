"""Chats: whose account is whose, what is said there, and what people do from there."""
