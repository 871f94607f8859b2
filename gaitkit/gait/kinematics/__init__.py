"""Anatomical frames and joint angles from markers, Plug-in Gait and ISB conventions."""
