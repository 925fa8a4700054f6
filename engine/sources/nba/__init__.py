"""Reading what stats.nba.com and cdn.nba.com send. Every parser is pure: a decoded payload in, checked records out.

Both hosts use the same formats for the schedule, scoreboards, box scores and plays, with small differences; tables
(`resultSets`) are stats.nba.com's alone. Columns and keys are taken by name, never by place.
"""
