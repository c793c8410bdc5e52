"""One-time codes, and what sends them: the log, e-mail, any SMS gateway, a hosted verify service (clips §5.3)."""
