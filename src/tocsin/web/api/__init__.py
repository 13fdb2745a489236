"""The API, version 1: strict shapes in, core commands out, the house's own shapes back.

``asks`` are the shapes of requests; ``area`` and ``speaker`` turn parts of them into core values;
``writing``, ``preview``, ``reading`` and ``states`` are the handlers; ``table`` is the list of
lines. Requests never decode into core dataclasses: those would let unknown members and zoneless
times pass, and a client could set what only the house may (``imported``).
"""
