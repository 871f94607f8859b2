"""The interview at a terminal: asks, says what it understood, and keeps every answer.

Each answer is in the file before the next question is asked, so that nothing is lost
where somebody stops, is called away or pulls the plug.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from gaitkit.errors import InputError
from gaitkit.io.answers import (
    ListedReading,
    answers_all_no,
    answers_of,
    entry_of,
    missing_items,
    readings,
)
from gaitkit.io.interview import (
    Question,
    is_control,
    kind_question,
    open_questions,
    questions,
    shown,
)
from gaitkit.io.typed import is_word
from gaitkit.io.visit import (
    VISIT_FILE,
    check_text,
    new_visit,
    read_text,
    write_text,
)
from gaitkit.io.visit_text import with_answer, with_entry, without_answer
from gaitkit.model.side import Side
from gaitkit.model.text import Language, Text
from gaitkit.model.visit import FPI_ITEMS
from gaitkit.model.wording import SIDE_WORDS

OPENING = Text(
    nl="Enter: overslaan · . stoppen (alles blijft bewaard) · < vorige vraag\n"
    "alles nee: rest van dit blok met nee · 38 / 40: links / rechts · ? weet niet",
    en="Enter: skip · . stop (everything is kept) · < last question\n"
    "all no: no to the rest of this block · 38 / 40: left / right · ? unsure",
)
NO_TO = Text(nl="nee op: {named}", en="no to: {named}")
LACKING = Text(
    nl="FPI-6 {side}: bewaard, er ontbreekt nog: {items}",
    en="FPI-6 {side}: kept, still missing: {items}",
)
MORE = Text(nl="leeg: verder", en="empty: go on")
NEXT = Text(
    nl="Verder met: gaitkit assess {folder}", en="Go on with: gaitkit assess {folder}"
)


class _StoppedError(Exception):
    """The person wants to go on another time."""


@dataclass(slots=True, kw_only=True)
class Interview:
    """One interview: the file, and what was asked so far.

    Attributes
    ----------
    file : Path
        The visit file.
    language : {"nl", "en"}
        In which it is asked; answers are understood in both.
    text : str
        The file as it is now.
    kind : str
        Whether it is a first visit or an evaluation.
    passed : list of Question
        Questions that came by, with or without an answer.
    opened : set of str
        FPI-6 of which the items are asked one by one.
    """

    file: Path
    language: Language
    text: str
    kind: str = "first"
    passed: list[Question] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)

    @classmethod
    def opened_in(cls, folder: Path, language: Language) -> Interview:
        """Begin an interview, or go on with one, in the folder of a visit.

        Raises
        ------
        InputError
            If a visit file is there that is none.
        """
        file = folder / VISIT_FILE
        if not file.exists():
            new_visit(folder, language=language)
        text = read_text(file)
        check_text(text, file)
        return cls(file=file, language=language, text=text)

    def held(self) -> Path:
        """Ask everything that is open; return the file."""
        print(OPENING.of(self.language))
        try:
            self._ask_kind()
            self._ask_all()
            for reading in readings():
                if not reading.control:
                    self._ask_entries(reading)
        except _StoppedError:
            pass
        folder = self.file.parent
        print(NEXT.filled(folder=folder).of(self.language))
        return self.file

    def _ask_kind(self) -> None:
        """Find out whether it is an evaluation; then first what was given."""
        if is_control(self.text):
            self.kind = "control"
            return
        question = kind_question(self.language)
        while typed := self._typed(f"{question.text} [{question.hint}]"):
            try:
                self.kind = str(answers_of(question, typed, self.text)[question.path])
            except InputError as wrong:
                print(wrong)
            else:
                break
        if self.kind == "control":
            for reading in readings():
                if reading.control:
                    self._ask_entries(reading)

    def _ask_all(self) -> None:
        heading = ""
        while left := self._left():
            question = left[0]
            if question.heading and question.heading != heading:
                heading = question.heading
                print(f"\n{heading}")
            number = len(self.passed) + 1
            self._ask(question, f"{number}/{len(self.passed) + len(left)}", left)

    def _left(self) -> list[Question]:
        """Return the questions that were not put yet."""
        put = {question.path for question in self.passed}
        return [
            each
            for each in open_questions(
                questions(self.language),
                self.text,
                kind=self.kind,
                opened=frozenset(self.opened),
            )
            if each.path not in put
        ]

    def _ask(self, question: Question, where: str, left: list[Question]) -> None:
        """Put one question until it is answered, skipped, or one goes back."""
        hint = f" [{question.hint}]" if question.hint else ""
        while True:
            typed = self._typed(f"{where} {question.text}{hint}")
            if is_word("back", typed):
                if self.passed:
                    self._go_back()
                    return
                continue
            if question.shape == "posture" and is_word("items", typed):
                self.opened.add(question.path)
                return
            try:
                self._keep(question, typed, left)
            except InputError as wrong:
                print(f"  {wrong}")
            else:
                self.passed.append(question)
                return

    def _go_back(self) -> None:
        """Put the last question again, and ask what was answered anew."""
        last = self.passed.pop()
        self.text = without_answer(self.text, last.path)
        write_text(self.file, self.text)

    def _keep(self, question: Question, typed: str, left: list[Question]) -> None:
        """Write what an answer means; nothing where it was skipped."""
        skipped = is_word("skip", typed) and "unsure" not in question.choices
        if not typed or skipped:
            return
        if is_word("all_no", typed) and (all_no := answers_all_no(question, left)):
            self._write(all_no)
            named = "; ".join(each.text for each in left if each.path in all_no)
            print(f"  {NO_TO.filled(named=named).of(self.language)}")
            return
        answers = answers_of(question, typed, self.text)
        self._write(answers)
        print(f"  = {self._shown(answers)}")
        if question.shape == "posture" or "foot_posture" in question.table:
            self._tell_missing()

    def _write(self, answers: dict[str, object]) -> None:
        """Write answers into the file when it stays a visit with them.

        Raises
        ------
        InputError
            If the file would be refused: then nothing is written.
        """
        text = self.text
        for path, value in answers.items():
            if isinstance(value, dict):
                text = with_entry(text, path.partition(".")[0], value)
            else:
                text = with_answer(text, path, value)
        check_text(text, self.file)
        self.text = text
        write_text(self.file, text)

    def _shown(self, answers: dict[str, object]) -> str:
        return "; ".join(
            shown(
                path.rpartition(".")[2],
                value["score"] if isinstance(value, dict) else value,
                self.language,
            )
            for path, value in answers.items()
        )

    def _tell_missing(self) -> None:
        """Say which items of the FPI-6 lack."""
        for table, items in missing_items(self.text).items():
            side = SIDE_WORDS[Side(table.split(".")[1])]
            named = ", ".join(FPI_ITEMS[item].of(self.language) for item in items)
            said = LACKING.filled(side=side, items=named)
            print(f"  {said.of(self.language)}")

    def _ask_entries(self, reading: ListedReading) -> None:
        """Ask for entries of a list, one after the other, until nothing is typed."""
        language = self.language
        prompt = f"{reading.question.of(language)} [{reading.example.of(language)}]"
        while typed := self._typed(f"{prompt} ({MORE.of(language)})"):
            try:
                entry = entry_of(reading, typed, language)
                text = with_entry(self.text, reading.table, entry)
                check_text(text, self.file)
            except InputError as wrong:
                print(f"  {wrong}")
            else:
                self.text = text
                write_text(self.file, text)
                told = (shown(key, each, language) for key, each in entry.items())
                print(f"  = {'; '.join(told)}")

    def _typed(self, prompt: str) -> str:
        """Return what was typed.

        Raises
        ------
        _StoppedError
            If it was a dot, or nothing more comes.
        """
        print(f"{prompt}: ", end="", flush=True)
        line = sys.stdin.readline()
        typed = line.strip()
        if not line or is_word("stop", typed):
            raise _StoppedError
        return typed
