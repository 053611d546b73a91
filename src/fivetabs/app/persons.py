"""The person in front of the client, who alone can agree to a change."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked: the whole plan in plain words, and the id of the request."""

    id: str
    text: str


class Person(Protocol):
    """A way to put a question to a person. Whatever goes wrong on it is not an agreement."""

    @property
    def way(self) -> str:
        """How they are asked, for the record."""
        ...

    async def agrees(self, question: Question) -> bool | None:
        """What they said; nothing where they cannot be asked this way.

        Raises:
            Unanswered: If the answer comes with another call.
        """
        ...


class Unanswered(Exception):  # noqa: N818  (the call is answered with a question)
    """A call that cannot go on before a person has answered; it is made again with the answer."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.id)
        self.question = question


@dataclass(frozen=True, slots=True)
class Nobody:
    """Where no person can be asked through the client."""

    way: str = "none"

    async def agrees(self, question: Question) -> bool | None:
        """Nothing: there is nobody to put the question to."""
        del question
        return None


NOBODY = Nobody()
