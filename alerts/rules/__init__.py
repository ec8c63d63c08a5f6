"""Rules: facts of one device in, observations out. Pure."""
