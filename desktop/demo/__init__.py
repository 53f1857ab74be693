"""A loopback site and central banks with made-up content."""
