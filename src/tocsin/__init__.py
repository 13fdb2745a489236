"""Tocsin: a self-hosted public-warning server, from the first siren to the all-clear.

The map, in the order in which an alert travels::

    IN, CHECKED
      intake/        sources that bring something on their own
      checks/        what must hold before anyone decides
      keys/          every key the house holds
    DECIDED
      core/          the product's own rules; pure
    RECORDED
      journal/       the truth: append-only, hash-chained, ordered
      registry/      what is not an event: accounts, subscriptions, shelters
    FANNED OUT
      fanout/        the hub and the channels
      relay/         between nodes
    SHOWN, and the doors people use
      web/           API, stream and pages
      cli/           one file for each verb; prints, never decides
      ops/           what the one who runs it needs: import, doctor, demo
      client/        for integrators' programs
    HELPERS OF ALL STAGES
      formats/       bytes <-> core values        geo/      polygons, points
      phrases.py     an alert in a language's words
      reader/        report text -> draft claims
      projections/   the journal folded into what people ask
      service/       the one path: submit, record, tell
      bootstrap.py   builds the process from Settings; alone names engines
      settings.py    every setting      logs.py   how we log
      clock.py       the only place that asks the time or makes an id
      errors.py      the tree of exceptions
      data/, locale/ profiles of countries, words

Who may import whom: only downwards; names on one line are strangers to each other::

    __main__ > cli > bootstrap > web | intake | ops > fanout | relay | journal | registry > service
      > checks | projections | reader | client > keys > formats | geo | phrases > core
      > settings | clock | logs | errors

May import: nothing. Tests: ``tests/docs`` (this map against the folders).
"""

__version__ = "0.1.0.dev0"
