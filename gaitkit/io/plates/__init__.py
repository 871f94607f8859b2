"""Readers of pressure exports, chosen by what stands in the file, one module a maker.

``registry.read_plate`` is the door: it returns the same typed ``PlateFile`` for every
maker, with pressures in kPa and with how each unit and length is known.
"""
