"""Photos: bytes in, clean bytes out, and a report of what was hidden inside."""
