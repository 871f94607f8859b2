"""Files in and out: readers that go by content, the visit file, and exports.

Videos come through ``video``, pressure exports through ``plates``, a visit through
``visit``; ``identify`` says what a file is; ``export`` writes results, and ``atomic``
sees to it that they appear whole or not at all.
"""
