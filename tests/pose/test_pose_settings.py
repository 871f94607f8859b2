"""Options of the pose stage are checked where they are given."""

from __future__ import annotations

import pytest

from gaitkit.errors import ConfigError
from gaitkit.pose.settings import PoseSettings


def test_the_defaults_are_the_full_model_unmirrored_on_the_own_backend() -> None:
    settings = PoseSettings()

    assert (settings.backend, settings.model) == ("blazepose", "full")
    assert (settings.region_scale, settings.mirrored) == (1.25, False)
    assert settings.person is None


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("backend", "", "pose.backend is empty; expected blazepose, mediapipe"),
        ("model", "", "pose.model is empty; expected lite, full, heavy or a path"),
        ("region_scale", 0.5, "pose.region_scale is 0.5; expected 1 to 2"),
        ("threads", 0, "pose.threads is 0; expected 1 to 64"),
        ("scan_interval_s", 9.0, "pose.scan_interval_s is 9; expected 0.1 to 3"),
        ("max_people", 0, "pose.max_people is 0; expected 1 to 20"),
    ],
)
def test_an_option_out_of_range_is_refused_by_its_key(
    option: str, value: object, message: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        PoseSettings(**{option: value})  # type: ignore[arg-type]

    assert str(raised.value).startswith(message)
