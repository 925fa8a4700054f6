"""`python -m nbabot` is the same as `nbabot`."""

import sys

from nbabot.cli import main

if __name__ == "__main__":
    sys.exit(main())
