"""IPP on the wire (RFC 8010): encode requests, parse answers tolerantly to typed values."""
