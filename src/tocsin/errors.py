"""The tree of exceptions: for the world failing, never for a refusal (those are values).

::

    TocsinError
    |-- BadInput              a document that cannot be read; field points at the place
    |-- JournalProblem
    |   |-- JournalUnavailable  the disk or database did not take it; nothing was accepted
    |   |-- JournalBroken       the chain does not fit: somebody or something changed a row
    |   |-- LostRace            somebody else appended first; decide again
    |   `-- KeyTaken            the identity or idempotency key is used already
    |-- ProfileProblem        the country's folder is missing something
    |-- KeyProblem            (tocsin.keys) a key of the house cannot be read or made
    |-- RegistryUnavailable   (tocsin.service.registry) accounts cannot be read or written now
    `-- Taken                 (tocsin.service.registry) what must be unique is there already
"""


class TocsinError(Exception):
    """Something outside Tocsin's rules failed."""


class BadInput(TocsinError):
    """The document cannot be read; ``field`` is a JSON pointer (or row and column) to the place."""

    def __init__(self, message: str, *, field: str = "", rule: str = "bad-input") -> None:
        super().__init__(message)
        self.field = field
        self.rule = rule


class ProfileProblem(TocsinError):
    """A country's folder of data cannot be used; the message names the file and the reason."""


class JournalProblem(TocsinError):
    """The journal could not do what was asked."""


class JournalUnavailable(JournalProblem):
    """The journal cannot be written now. Nothing was accepted; try again."""


class JournalBroken(JournalProblem):
    """A row of the journal does not fit its chain; ``seq`` is the first such row."""

    def __init__(self, message: str, *, seq: int) -> None:
        super().__init__(message)
        self.seq = seq


class LostRace(JournalProblem):
    """Somebody appended first; ``head`` is the journal's last number now."""

    def __init__(self, head: int) -> None:
        super().__init__(f"the journal is at {head} already")
        self.head = head


class KeyTaken(JournalProblem):
    """A key in the batch is used already; ``entry`` is the place in the batch."""

    def __init__(self, entry: int, key: object) -> None:
        super().__init__(f"entry {entry}: {key} is used already")
        self.entry = entry
        self.key = key
