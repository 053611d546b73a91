"""Config files that people and programs could have written, thrown with seeded dice."""

import json
from random import Random

WORDS = (
    *("mcpServers", "servers", "fivetabs", "command", "env", "theme", "größe", "ключ", "日本"),
    *("a b", 'say "hi"', "back\\slash", "// no comment", "/* nor this */", "😀", "{", "}", ",", ""),
)
COMMENTS = (
    "// one",
    "// fivetabs: {}  ",
    "/* two */",
    "/* over\n lines, } */",
    "//",
    "/**/",
    "/***/",
)
NUMBERS = ("0", "-0", "1", "-12.50", "1E+2", "3e-7", "12345678901234567890", "9" * 5000)
UNITS = ("  ", "    ", "\t", "", " ")


class Config:
    """One file: its text, with the places of its objects left to chance."""

    def __init__(self, seed: int, key: str, entry: str = "") -> None:
        self.dice = Random(seed)  # noqa: S311
        self.entry = entry
        self.comments = self.dice.random() < 0.6
        self.trailing = self.dice.random() < 0.5
        self.single = self.dice.random() < 0.2
        self.wild = self.dice.random() < 0.3
        self.unit = self.dice.choice(UNITS)
        self.colon = self.dice.choice((": ", ":", " : ", ":\n", ":\t"))
        self.text = self._file(key)

    def _file(self, key: str) -> str:
        kind = self.dice.random()
        if self.entry:
            text = self._space(0) + self._object(0, key, self._servers()) + self._tail()
        elif kind < 0.05:
            text = self.dice.choice(("", " ", "\n", "\n\n  ", "// only this", "/* or this */\n"))
        elif kind < 0.15:
            text = self.dice.choice(
                ("{}", "{ }", "{\n}", "{\n\n  }\n", "\n{}", "{/* */}", "{//\n}")
            )
        else:
            servers = None if self.dice.random() < 0.3 else self._servers()
            text = self._space(0) + self._object(0, key, servers) + self._tail()
        if self.dice.random() < 0.3:
            text = text.replace("\n", "\r\n")
        elif self.dice.random() < 0.05:
            text = text.replace("\n", "\r")
        return "\ufeff" * (self.dice.random() < 0.2) + text

    def _servers(self) -> int:
        return self.dice.choice((0, 0, 1, 1, 2, 5))

    def _object(self, depth: int, key: str = "", servers: int | None = None) -> str:
        members = [self._member(depth) for _ in range(self.dice.choice((0, 1, 1, 2, 4)))]
        if servers is not None:
            listed = [self._server(depth + 1) for _ in range(servers)]
            if self.entry:
                listed.insert(self.dice.randint(0, servers), f'"fivetabs": {self.entry}')
            inside = self._braces(listed, depth + 1)
            members.insert(self.dice.randint(0, len(members)), self._named(key, inside))
        return self._braces(members, depth)

    def _server(self, depth: int) -> str:
        return self._named(f"other {self.dice.random()}", self._object(depth))

    def _member(self, depth: int) -> str:
        name = f"{self.dice.choice(WORDS)} {self.dice.randint(0, 10**9)}"
        return self._named(name, self._value(depth + 1))

    def _named(self, name: str, value: str) -> str:
        return json.dumps(name, ensure_ascii=self.dice.random() < 0.5) + self._colon() + value

    def _value(self, depth: int) -> str:
        kind = self.dice.randint(0, 9)
        if kind < 2 and depth < 6:
            return self._object(depth)
        if kind < 4 and depth < 6:
            items = [self._value(depth + 1) for _ in range(self.dice.randint(0, 3))]
            return self._braces(items, depth, "[]")
        if kind < 6:
            return self.dice.choice((*NUMBERS, "true", "false", "null"))
        return json.dumps(" ".join(self.dice.choices(WORDS, k=2)), ensure_ascii=kind == 6)

    def _braces(self, parts: list[str], depth: int, marks: str = "{}") -> str:
        if not parts:
            return marks[0] + self.dice.choice(("", "", self._space(depth))) + marks[1]
        text = marks[0]
        for at, part in enumerate(parts):
            last = at == len(parts) - 1
            text += self._space(depth + 1) + part
            text += self._remark() + "," * (not last or self.trailing) + self._remark()
        return text + self._space(depth) + marks[1]

    def _colon(self) -> str:
        return self.colon if not self.wild else self._remark() + ":" + self._space(1)

    def _space(self, depth: int) -> str:
        if self.single:
            return self.dice.choice(("", " "))
        line = "\n" + self.unit * depth
        if self.wild:
            line = self.dice.choice((line, " ", "", "\n\n", "\t\n "))
        if self.comments and self.dice.random() < 0.2:
            return line + self._comment() + line
        return line

    def _remark(self) -> str:
        if not self.comments or self.dice.random() < 0.8:
            return ""
        return " " + self._comment()

    def _comment(self) -> str:
        comment = self.dice.choice(COMMENTS)
        if self.single:
            return comment.replace("\n", " ") if comment.startswith("/*") else "/* */"
        return comment + "\n" if comment.startswith("//") else comment

    def _tail(self) -> str:
        tail = self.dice.choice(("", "\n", "\n\n", " "))
        return tail + self._remark() + tail
