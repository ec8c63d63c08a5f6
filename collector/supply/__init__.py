"""Replenishment: what to order, from whom, and what became of it."""
