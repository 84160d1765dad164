"""SCIM 2.0 (RFC 7643, 7644, 9865): a directory brings people and teams of one organisation in."""
