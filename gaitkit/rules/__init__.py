"""Rules as data: judged on measurements, intake and recordings, in plain words.

The rules stand in ``data/*.toml``; `gaitkit.rules.loader` reads and checks them,
`gaitkit.rules.judge` judges them, `gaitkit.rules.explain` says what they mean.
"""
