"""Bringing the store up to date with the league's feeds, and checking that all is there that a working nbabot needs.

`sources` opens the feeds, `run` does the tasks (`league`, `market`) on a `scope`, `lock` keeps a second run out,
`replay` reads kept payloads again, `doctor` looks at everything.
"""
