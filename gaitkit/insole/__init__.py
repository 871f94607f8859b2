"""The insole: footprint, outline, heights, mesh and order, all from one decided plan.

Every foot is handled as a right foot: ``u`` counts laterally, ``v`` forward from the
heel end of the footprint, the axis ``u = 0`` runs from the middle of the heel through
the second metatarsal head. Lengths are mm, angles degrees.
"""
