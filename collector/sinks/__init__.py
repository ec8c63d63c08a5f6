"""Series leave by here: Prometheus, InfluxDB line protocol."""
