"""What people type is understood in Dutch and English, or refused in one line."""

from __future__ import annotations

from datetime import date

import pytest

from gaitkit.errors import InputError
from gaitkit.io.interview import questions
from gaitkit.io.typed import (
    choice_of,
    choices_of,
    day_of,
    is_word,
    number_of,
    plain,
    shown_word,
)
from gaitkit.rules.loader import shipped_rules

TODAY = date(2026, 12, 1)
ANSWERS = ("yes", "no", "unsure", "not_asked")
SITES = ("low_back", "thoracic", "neck", "leg", "foot", "other")
ACTIVITIES = ("standing", "walking", "sport", "sitting", "bending", "lying", "lifting",
              "night", "coughing")  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["30-11-2026", "30/11/2026", "30.11.2026", "30 11 2026", "30-11-26", "30 nov 2026",
     "30 november 2026", "30 NOV. 2026", "30e november 2026", "Nov 30, 2026",
     "30th November 2026", "2026-11-30", "2026/11/30", "gisteren",
     "yesterday", "1 dag geleden", "1 day ago"],
)  # fmt: skip
def test_a_day_is_understood_as_people_write_it(typed: str) -> None:
    assert day_of(typed, "nl", today=TODAY) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3 weken geleden", date(2026, 11, 10)),
        ("6 months ago", date(2026, 6, 1)),
        ("2 jaar geleden", date(2024, 12, 1)),
        ("1 mei '26", date(2026, 5, 1)),
        ("3 mrt 2026", date(2026, 3, 3)),
        ("14 okt 1998", date(1998, 10, 14)),
        ("5-6-65", date(1965, 6, 5)),
        ("vandaag", TODAY),
    ],
)
def test_spans_months_and_short_years_are_days(typed: str, day: date) -> None:
    assert day_of(typed, "nl", today=TODAY) == day


def test_a_month_back_from_its_last_day_stays_in_the_month() -> None:
    assert day_of("1 maand geleden", "nl", today=date(2026, 3, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("30-11", "heeft geen jaar; typ dag, maand en jaar"),
        ("30 november", "heeft geen jaar"),
        ("maart 2026", "typ er een bij, zoals 1 maart 2026"),
        ("11/30/2026", "de dag staat voor de maand"),
        ("31 feb 2026", "bestaat niet"),
        ("soms", "is geen dag; mogelijk: 30-11-2026"),
        ("sinds de zomer", "is geen dag"),
        ("", "is geen dag"),
    ],
)
def test_what_is_no_day_is_refused_with_what_is(typed: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        day_of(typed, "nl", today=TODAY)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("height_m", "1,72", 1.72), ("height_m", "172 cm", 1.72),
        ("height_m", "1.72 m", 1.72), ("height_m", "1m72", 1.72),
        ("mass_kg", "72,5 kg", 72.5), ("age_years", "46 jaar", 46.0),
        ("ankle_lunge_deg", "38°", 38.0), ("ankle_lunge_deg", "38 graden", 38.0),
        ("navicular_drop_mm", "0,8 cm", 8.0), ("rearfoot_eversion_deg", "-3", -3.0),
        ("score", "6/10", 6.0),
    ],
)  # fmt: skip
def test_a_number_takes_comma_and_unit(key: str, typed: str, value: float) -> None:
    assert number_of(key, typed, "nl", most=10) == pytest.approx(value)


@pytest.mark.parametrize("typed", ["zeven", "150 lb", "1,7,2", "ongeveer 38", "5 ft 8"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match=r"is geen getal; mogelijk: een getal"):
        number_of("height_m", typed, "nl")


@pytest.mark.parametrize(
    ("choices", "typed", "meant"),
    [
        (ANSWERS, "ja", "yes"), (ANSWERS, "J", "yes"), (ANSWERS, "Nee.", "no"),
        (ANSWERS, "n", "no"), (ANSWERS, "weet niet", "unsure"),
        (ANSWERS, "?", "unsure"),
        (ANSWERS, "don’t know", "unsure"), (ANSWERS, "y", "yes"),
        (SITES, "Lage rug", "low_back"), (SITES, "onderrug", "low_back"),
        (SITES, "lower back", "low_back"), (SITES, "low_back", "low_back"),
        (SITES, "been", "leg"), (SITES, "tussen de schouderbladen", "thoracic"),
        (("female", "male", "other"), "vrouw", "female"),
        (("female", "male", "other"), "V", "female"),
        (("female", "male", "other"), "man", "male"),
        (("none", "buttock", "thigh_to_knee", "below_knee"), "bil", "buttock"),
        (("none", "buttock", "thigh_to_knee", "below_knee"), "tot de knie",
         "thigh_to_knee"),
        (("left", "right", "both", "middle"), "bdz", "both"),
        (("left", "right", "both", "middle"), "links en rechts", "both"),
        (("x_ray", "ct", "ultrasound"), "rontgen", "x_ray"),
        (("x_ray", "ct", "ultrasound"), "röntgenfoto", "x_ray"),
    ],
)  # fmt: skip
def test_a_word_is_understood(choices: tuple[str, ...], typed: str, meant: str) -> None:
    assert choice_of("", choices, typed, "nl") == meant


@pytest.mark.parametrize(
    "typed",
    ["staan, lopen", "staan en lopen", "staan lopen", "Staan; lopen", "staan/lopen",
     "standing and walking", "standing, lopen", "staan + lopen + staan"],
)  # fmt: skip
def test_several_answers_stand_in_one_line(typed: str) -> None:
    found = choices_of("aggravating", ACTIVITIES, typed, "nl")
    assert found == ("standing", "walking")


@pytest.mark.parametrize(
    ("choices", "typed", "said"),
    [
        (ANSWERS, "soms", "'soms' is niet herkend; mogelijk: ja, nee, weet niet."),
        (ANSWERS, "nee, wel stijf", "is niet herkend; mogelijk: ja, nee, weet niet"),
        (SITES, "lage rugg", r"\(bedoeld: lage rug\?\)"),
        (SITES, "n", "mogelijk: lage rug, hoge rug, nek"),
        (("thigh_to_knee", "below_knee"), "been", "mogelijk: bovenbeen tot knie"),
    ],
)
def test_what_is_no_answer_is_refused(
    choices: tuple[str, ...], typed: str, said: str
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        choice_of("", choices, typed, "nl")
    assert "\n" not in str(refused.value)


def test_letters_that_begin_two_answers_are_refused_by_name() -> None:
    choices = ("everyday", "work", "sport", "dress", "deep", "orthopaedic")
    with pytest.raises(InputError, match=r"meer dan een antwoord zijn \("):
        choice_of("worn", ("standing", "steady"), "sta", "nl")
    assert choice_of("worn", choices, "nette", "nl") == "dress"


def test_no_word_means_two_answers_to_one_question() -> None:
    for question in questions("nl"):
        for choice in question.choices:
            for language in ("nl", "en"):
                word = shown_word(question.key, choice, language)
                found = choice_of(question.key, question.choices, word, "nl")
                assert found == choice, f"{question.path}: {word}"


def test_what_the_report_calls_an_answer_is_understood() -> None:
    rules = shipped_rules()
    unlike = []
    for question in questions("nl"):
        if question.key == "pain_depth":  # the report calls a shoe deep, no pain
            continue
        for choice in question.choices:
            name = rules.answer(choice)
            for word in (name.nl, name.en):
                try:
                    found = choice_of(question.key, question.choices, word, "nl")
                except InputError:
                    found = "refused"
                if found != choice:
                    unlike.append((question.path, word, found))
    assert unlike == []


def test_every_answer_has_a_word_in_dutch() -> None:
    for question in questions("nl"):
        for choice in question.choices:
            word = shown_word(question.key, choice, "nl")
            assert word != choice or choice == "sport", f"{question.path}: {choice}"


@pytest.mark.parametrize(
    ("name", "typed"),
    [("stop", "."), ("stop", "Stop"), ("back", "<"), ("back", "terug"),
     ("all_no", "Alles nee"), ("all_no", "no to all"), ("skip", "niet onderzocht"),
     ("skip", "n.v.t."), ("items", "items")],
)  # fmt: skip
def test_words_that_steer_the_interview(name: str, typed: str) -> None:
    assert is_word(name, typed)


def test_a_plain_word_has_no_capitals_accents_or_full_stop() -> None:
    assert plain("  Röntgen-Foto. ") == "rontgen foto"
    assert plain(".") == "."
