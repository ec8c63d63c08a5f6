"""The HTTP interface for programs: /api/v1 and /openapi.json."""
