"""Bytes of a stream: one line of data, whatever the text holds."""

import json
from datetime import UTC, datetime

from tocsin.fanout import frames

AT = datetime(2022, 10, 11, 9, 0, tzinfo=UTC)


def test_an_event_is_id_name_data_and_an_empty_line():
    body = frames.HeartbeatBody(sequence=7, server_time=AT, hash="e3b0c44298fc1c14")
    assert frames.sse("heartbeat", body, 7) == (
        b"id: 7\nevent: heartbeat\n"
        b'data: {"sequence":7,"server_time":"2022-10-11T09:00:00Z","hash":"e3b0c44298fc1c14"}\n\n'
    )


def test_what_has_no_number_has_no_id():
    assert frames.sse("stale", frames.StaleBody(since=AT)).startswith(b"event: stale\n")


def test_no_text_makes_a_line_of_its_own():
    nasty = "".join(chr(code) for code in (*range(0x20), 0x85, 0x2028, 0x2029)) + "data: x"
    body = frames.MandateNotice(at=AT, no_information=[nasty])
    frame = frames.sse("notice", body, 1).decode().replace("\x85", "")
    assert len(frame.splitlines()) == 4
    data = frames.sse("notice", body, 1).decode().split("data: ", 1)[1]
    assert json.loads(data) == {
        "kind": "mandate",
        "at": "2022-10-11T09:00:00Z",
        "no_information": [nasty],
    }


def test_advice_to_come_back_is_in_milliseconds():
    assert frames.retry(1500) == b"retry: 1500\n\n"
