"""The headless core of nbabot: data in, features, forecasts, versioned models and monitoring on SQLite."""
