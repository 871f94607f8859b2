"""Figures: one a module, ``(data, ax=None) -> Axes``; they draw and compute nothing.

Left is red and solid, right is blue and dashed, everywhere, so that a figure reads in
grey print and for colour-blind readers.
"""
