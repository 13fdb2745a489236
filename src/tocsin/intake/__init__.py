"""IN, CHECKED: what others bring, fetched by Tocsin itself and never trusted for it.

``fetch`` is the one door out of which an address that a person or a feed named is fetched: the
report of ``tocsin read URL``, the desk's inbox, feeds. It never reaches into the house's own
network. A file here is one way in; what it brings is refused or drafted by the stages below, as
anything that a person sends.

May import: ``service`` and below; not ``web``, not ``ops``. Tests: ``tests/unit/intake``,
``tests/component/test_report_feeds.py``.
"""
