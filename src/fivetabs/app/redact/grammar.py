"""How names and values are joined: the patterns that `assignments` reads with.

`NAMES` is RE2 and looks through whole texts; the others are tried at one place, within a reach.
"""

import re

NAMES = (
    r"(?i)(?:\b(?:api|access|secret|private|auth|signing|encryption|account|storage|license)[ ])?"
    r"[a-z0-9_.\-$]{0,80}(?:pass|pwd|secret|token|key|cred|auth|jwt|dsn|conn|psk|rootpw|bindpw|userpw)[a-z0-9_.\-]{0,80}"
    r"(?:[ ](?:access[ ])?(?:key|token|secret|password))?"
)
REACH = 4096
ESCAPES = r"\\{0,6}"
# What may stand between a name and its value.
JOINT = re.compile(
    rf"""(?x)
    (?P<close>{ESCAPES}["'`])? (?:\[\d*\]|\ ?\[\w*\])?
    (?: (?P<sign>(?:[ \t]+(?:is|was)|[ \t]+for[ \t]+(?:user[ \t]+)?[^\s:=]{{1,64}})?
          [ \t]*(?:=>|->|:=|%3[AaDd]|[:=](?![:=/])) [ \t]*)
      | (?P<comma>,[ \t]*(?={ESCAPES}["']))
      | (?P<tag>(?:[ \t]+[\w:.-]+=["'][^"'<>\n]*["']){{0,8}}>)
      | (?P<value>[ \t]+(?:value|Value)[ \t]*[:=][ \t]*(?={ESCAPES}["']))
      | (?P<word>[ \t]+(?:(?:is|was|of|as|to|(?:re)?set[ ]to|changed[ ]to|now)[ \t]+)?)
    )"""
)
QUOTED = re.compile(
    r"""(?x)[uUbBrRfF]{0,2}(?P<quote>\\{0,6}["'`])(?:base64:)?(?P<inside>.*?)(?<!\\)(?P<end>(?P=quote)|$)"""
)
QUOTED_AGAIN = re.compile(r"""[ \t]*->[ \t]*["'](?P<inside>[^"'\n]*)["']""")
BARE = re.compile(
    r"""(?x)(?:base64:)?(?P<inside>
    (?: [^\s"'<>`,;&|\\(){}\[\]]
      | \$\{[\w:-]*\} | \{\{[^{}\n]*\}\} | \$\([^()\s]*\) | <[\w :.-]*>
      | [,;&|](?![\s"'\\]|$|[\w.\-]+[ ]?[=:])
      | [(){}\[\]](?=[^\s"'<>`,;]) | (?<=[=\s])[(\[][^()\[\]\n]*[)\]]
    )+)"""
)
TO_LINE_END = re.compile(r"[^\n\x1e]+")
NEXT_LINE = re.compile(
    r"[ \t]*(?:[|>][-+]?)?[ \t]*\n(?P<indent>[ \t]*)(?P<inside>[^\s:\x1e]+)[ \t]*(?=\n|\x1e|$)"
)
BLOCK = re.compile(
    r"[ \t]*[|>][-+]?[ \t]*\n(?P<inside>(?P<indent>[ \t]+)[^\n\x1e]+(?:\n(?P=indent)[^\n\x1e]+)*)"
)
TAG = re.compile(r"(?P<inside>[^<>\n]+)</")
PROSE_AFTER = re.compile(r"[ \t]+[a-z]{2,}\b(?![=:])")
INDEXED = re.compile(r"[A-Za-z_.]+[\[(][\w.]*[\])]")
