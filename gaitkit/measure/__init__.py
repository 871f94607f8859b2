"""From values of strides and contacts to measurements with an error.

`walk.measure_walk` is the entry for a walk; `symmetry` compares left and right,
`scores` compares whole curves with healthy adults, `absent` names what was not
measured, and `uncertainty` is the one place where errors are combined.
"""
