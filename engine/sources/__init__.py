"""Where facts come from: one file per feed. Fetch, keep the raw payload, parse purely into records."""
