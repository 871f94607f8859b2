"""Reference data of healthy people, each with its source and licence beside it.

The tables are statistics that may be redistributed (``sources.toml`` says on what
terms); nothing here is a person's own recording. Names and signs are those of the
catalogue.
"""
