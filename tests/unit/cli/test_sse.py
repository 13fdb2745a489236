"""Server-sent events as the command line reads them."""

from tocsin.cli.sse import Told, parsed


def test_events_are_read_as_the_standard_says():
    lines = [
        "retry: 1500", "", ": a comment", "id: 7", "event: alert", 'data: {"a":', "data: 1}", "",
        'data:{"b": 2}', "", "event: empty", "",
    ]  # fmt: skip
    assert list(parsed(iter(lines))) == [
        1.5,
        Told("7", "alert", {"a": 1}),
        Told("7", "message", {"b": 2}),
    ]


def test_a_cut_event_is_not_told():
    assert list(parsed(iter(["id: 9", 'data: {"half": true}']))) == []
