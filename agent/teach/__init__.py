"""Teach: what a technician's own rows change, what no row reads yet, and whether all captures still read as expected."""
