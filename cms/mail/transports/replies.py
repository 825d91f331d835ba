"""What a refusal says in a mail server's words: nobody has this address, or something else is wrong."""

import re

_STATUS = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_NOBODY_STATUSES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.1.351", "5.2.1", "5.4.4", "5.4.310"})
"""What RFC 3463 and 7505, and Exchange with the long ones, say of the recipient's own address and its domain; 5.1.7 and
5.1.8 speak of the sender, 5.7 of rules."""
_UNDECIDED = ".0"
"""The end of a status that only repeats that something was refused; the words beside it say what."""
_EXCHANGE_EDGE = ("5.4.1", "recipient address rejected")
"""How Exchange Online's border says that the directory does not know an address; else 5.4.1 is a host that is away."""
_NOBODY_WORDS = re.compile(
    r"(unknown|no such|invalid|non-?existent) (user|recipient|mailbox|address|account)\b"
    r"|(user|recipient|mailbox|address|account) (is )?(unknown|not found|disabled|does(n't| not) exist)"
    r"|that you tried to reach (does not exist|is disabled|is inactive)"
    r"|does(n't| not) have an? \S+ account"
    r"|no mailbox here by that name|recipient name is not recognized|unrouteable address"
    r"|requested action not taken: mailbox unavailable",
    re.IGNORECASE,
)
"""How servers without those statuses say it, carriers' too. Anything else may be about spam, or about a relay set up
wrongly here, which must not suspend everybody."""


def says_nobody(said: str) -> bool:
    """Tell an address that nobody has from a refusal for another reason. The first status that decides counts."""
    text = " ".join(said.split())
    for status in _STATUS.findall(text):
        if status in _NOBODY_STATUSES:
            return True
        if not status.endswith(_UNDECIDED):
            return status == _EXCHANGE_EDGE[0] and _EXCHANGE_EDGE[1] in text.lower()
    return bool(_NOBODY_WORDS.search(text))


def has_status(said: str) -> bool:
    """Whether a refusal carries a status of RFC 3463 that says what was refused."""
    return any(not status.endswith(_UNDECIDED) for status in _STATUS.findall(said))
