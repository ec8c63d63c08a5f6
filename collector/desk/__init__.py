"""The service desk: from the report of a fault to the archived ticket."""
