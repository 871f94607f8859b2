"""Measures of the foot from a pressure plate: per contact, then per side.

``plate.analyse_plate`` is the door. The modules follow its steps: footprint, axis,
regions, then regional load, arch indices, centre of pressure, roll-off, steps,
standing, and the summary over contacts.
"""
