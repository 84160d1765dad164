"""One module a room: parse, call one action or query, answer."""
