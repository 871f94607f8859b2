"""Run gaitkit with ``python -m gaitkit``."""

from gaitkit.cli import main

if __name__ == "__main__":
    main()
