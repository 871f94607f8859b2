"""Page one: the whole answer of a visit on one A4, from what was decided.

`choices` says what it shows and why, `lines` makes the six lines of measures,
`decision` the largest box, `told` the words around it, `page` puts them together.
"""
