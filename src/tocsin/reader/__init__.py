"""HELPERS OF ALL STAGES: a news report becomes draft claims with exact quotes.

One report walks straight through: ``text`` (bytes to the words of the article), ``document``
(sentences and quotations, every offset counted in code points), the finders (``times``,
``places``, ``numbers``, ``speakers``, each alone and each asked once), ``kinds`` (what a clause
tells of), ``draft`` (one claim per kind and sentence) and ``link`` (which claims are about the
same happening). Words of a language are data (``data/lexicons``), names of places too
(``data/gazetteers`` and the profile). Nothing here reads a clock or the network, and the same
text gives the same drafts. A draft is never a ledger entry: a person confirms it (P28).

May import: ``core``, ``formats``, ``geo``, ``phrases`` and below. Tests: ``tests/unit/reader``.
"""
