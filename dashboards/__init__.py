"""Grafana dashboards, authored with grafanalib and normalised to the current classic model."""
