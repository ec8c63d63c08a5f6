"""Tools for the words: wire form, life cycles, settings, clock, logs, plug points."""
