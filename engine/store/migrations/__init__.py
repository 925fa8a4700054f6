"""The SQL of the later migrations, one module each; `schema.MIGRATIONS` puts them in order."""
