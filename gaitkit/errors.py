"""Every error that gaitkit raises on purpose.

::

    GaitkitError               the call or its input is wrong; exit code 2
    ├── InputError             a recording or a visit cannot be used
    │   └── FormatError        what stands in the file breaks its own format
    ├── ConfigError            an option is unknown or out of range
    ├── ModelFileError         a pose model file is missing or is not the right one
    ├── MissingExtraError      an optional dependency is needed; names its install
    ├── RuleError              a rule, text or threshold file is wrong
    ├── CatalogueError         a measure or unit is not in the catalogue
    ├── ExtensionError         what somebody added to gaitkit cannot be used
    └── OutputError            a result cannot be written

A message says, in one line, what was expected, what came, where, and what to do.
Anything else that escapes is a bug.
"""

import re

LONGEST_MESSAGE = 490
"""With ``error: `` in front of it a line has less than 500."""

LEFT_OUT = " ... "
LONGEST_WORD = 260
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def shortened(message: str) -> str:
    """Return a message that can be read: no file, key or list quoted at length.

    It is one line; the middle goes: the beginning says where, the end what to do.
    """
    message = " ".join(message.split())
    message = LONG_WORD.sub(lambda word: f"{word[0][:LONGEST_WORD]}...", message)
    if len(message) <= LONGEST_MESSAGE:
        return message
    half = (LONGEST_MESSAGE - len(LEFT_OUT)) // 2
    return f"{message[:half]}{LEFT_OUT}{message[-half:]}"


class GaitkitError(Exception):
    """The call or its input is wrong, and the message says how to mend it.

    Its text is never long: a word of a file that is quoted in it may be of any length.
    """

    def __str__(self) -> str:
        """Return the message, each of its lines shortened."""
        return "\n".join(map(shortened, super().__str__().split("\n")))


class InputError(GaitkitError):
    """A recording or a visit cannot be used."""


class FormatError(InputError):
    """What stands in a file breaks the format that the file claims."""


class ConfigError(GaitkitError):
    """An option is unknown, of the wrong type or out of range."""


class ModelFileError(GaitkitError):
    """A pose model file is missing, or its content is not what was expected."""


class MissingExtraError(GaitkitError):
    """An optional dependency is needed; the message names the install command."""


class RuleError(GaitkitError):
    """A rule, text or threshold file is wrong."""


class CatalogueError(GaitkitError):
    """A measure, unit, side or region is not in the catalogue."""


class ExtensionError(GaitkitError):
    """A detector, measure or norm that somebody added cannot be used."""


class OutputError(GaitkitError):
    """A result cannot be written."""
