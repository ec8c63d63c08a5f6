"""Teach: what own rows change, what no row reads yet, and whether all captures still read as they should."""
