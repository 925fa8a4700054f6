"""The SQLite file: all SQL lives here, one module per group of tables."""
