"""Inputs that mean harm or make no sense, for every parser, and what must hold of what comes out."""
