"""What is known of a leg-length difference before anybody measures.

In the population the size of the difference is 5.2 mm on average (sd 4.1), which a
signed normal with sd 6.5 mm reproduces. Patients of a clinic have large differences
more often, so one in ten is drawn from a wider normal: a single normal would shrink a
real difference of 20 mm too much. After a fracture, a joint replacement or a growth
disorder the wide one holds alone.

The weight 0.1 and the sd 15 mm are a choice of gaitkit, not a finding.

References
----------
Knutson GA (2005). Chiropr Osteopat 13:11. doi:10.1186/1746-1340-13-11
"""

from __future__ import annotations

from gaitkit.model.leg_length import PriorName, PriorPart

POPULATION_SD_MM = 6.5
"""Reproduces a mean size of 5.2 mm and sd 4.1 mm (Knutson 2005)."""
WIDE_SD_MM = 15.0
"""Acquired differences and the patients who come because of one; gaitkit's choice."""
WIDE_WEIGHT = 0.1
"""Share of clinic patients drawn from the wide part; gaitkit's choice."""

POPULATION = (PriorPart(weight=1.0, sd_mm=POPULATION_SD_MM),)
"""The single normal of the worked examples; not used for patients."""

PRIORS: dict[PriorName, tuple[PriorPart, ...]] = {
    "clinic": (
        PriorPart(weight=1.0 - WIDE_WEIGHT, sd_mm=POPULATION_SD_MM),
        PriorPart(weight=WIDE_WEIGHT, sd_mm=WIDE_SD_MM),
    ),
    "acquired": (PriorPart(weight=1.0, sd_mm=WIDE_SD_MM),),
}
"""Parts of each prior; the weights of one add up to 1."""
