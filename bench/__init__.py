"""One script per measured claim; `python -m bench` runs them all."""
