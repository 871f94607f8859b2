"""Units and long names of signals, so that a plot or a notebook says what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

MEANT: dict[str, tuple[str, str | None]] = {
    "time": ("time", "s"),
    "position": ("position", None),
    "confidence": ("confidence of a keypoint", "1"),
    "keypoint": ("keypoint", None),
    "space": ("direction", None),
    "swapped": ("legs were exchanged on purpose", "1"),
    "outlier": ("keypoint was thrown away on purpose", "1"),
    "frame": ("frame of the recording", "1"),
    "walk_pass": ("straight pass, -1 for none", "1"),
    "square_at": ("forward position square to the camera", None),
    "pressure": ("pressure", None),
    "valid": ("sensor is there", "1"),
    "belt_m": ("position of the treadmill belt", "m"),
    "angle": ("angle", "deg"),
    "component": ("component of an angle", None),
    "label": ("angle in the file", None),
    "side": ("side of the person", None),
    "stride": ("stride", None),
    "percent": ("stride", "%"),
    "start_s": ("initial contact", "s"),
    "end_s": ("next initial contact", "s"),
    "foot_off_pct": ("foot off", "%"),
    "row_mm": ("forward on the foot's crop", "mm"),
    "col_mm": ("to the walker's right on the crop", "mm"),
    "region": ("region of the foot", None),
}
"""Long name by variable, and its unit; None for names, and where the data set says."""


RATE_DIGITS = 6
"""Decimals of a rate in Hz and of a jitter in ms that are more than arithmetic."""


def mean_rate_hz(time_s: np.ndarray) -> float:
    """Return the frames per second of at least two time stamps, as one writes it.

    Examples
    --------
    >>> import numpy as np
    >>> mean_rate_hz(np.arange(7) / 100)
    100.0
    """
    return round(float((time_s.size - 1) / (time_s[-1] - time_s[0])), RATE_DIGITS)


def described(data: xr.Dataset) -> xr.Dataset:
    """Give every variable of a signal its long name, and its unit where it has one.

    Parameters
    ----------
    data : xarray.Dataset
        Changed in place. A variable that is no known one is an angle, in degrees.

    Returns
    -------
    xarray.Dataset
        The same.
    """
    for name, variable in data.variables.items():
        long_name, unit = MEANT.get(str(name), (str(name).replace("_", " "), "deg"))
        if name in {"position", "square_at"}:
            unit = data.attrs.get("space_unit")
        elif name == "pressure":
            unit = data.attrs.get("unit")
        variable.attrs.setdefault("long_name", long_name)
        if unit is not None:
            variable.attrs["units"] = unit
    return data
