"""From a pressure recording to contacts: which foot stood where, when and how well.

``find.find_contacts`` is the door; the modules follow its steps: cells, fragments,
feet, heading, sides, flags.
"""
