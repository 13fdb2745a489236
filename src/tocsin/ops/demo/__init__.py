"""HELPERS OF WHO RUNS IT: the demo, real days of alerts and reports on the real road.

The acts are data of the profile (``demo.toml``); a bundled source issues its rows as live alerts
under a replay clock, through the same service, journal, stream and pages as any other. The
server is a process of its own, so that ``K`` can kill it and the terminal can watch it return.

====================  =============================================================
``acts``              what is played: the profile's ``demo.toml``, read
``script``            rows of history become a list of steps with their pace
``clock``             the time of the replay
``situation``         what the desk enters meanwhile: the profile's ``situation.toml``, read
``situation_rows``    that file as it is written
``driver``            takes the steps, one by one, through ``service.submit``
``clerk``             the desk's part of it: incidents, claims, links, and their releases
``wire``              what driver and terminal say to each other, a line each
``figures``           what a journal holds, and whether all that was acknowledged is in it
``stage``             the server as a child process: started, killed, started again
``grid``, ``screen``  the map and the lines of the terminal
``keyboard``          single keys, from a terminal or a pipe
====================  =============================================================

May import: everything below ``bootstrap``; not ``web`` and not ``intake``.
Tests: ``tests/unit/ops``, ``tests/scenarios/test_demo.py``.
"""
