"""Does production still do what it promised?"""
