"""Footsteps on a pressure plate with known truth, in the formats of several makers.

``foot`` holds the sole as a sum of smooth pads, ``walk`` puts feet on a plate and
samples the sensors, ``writers`` writes the exports.
"""
