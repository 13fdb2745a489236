"""Houses for the command line to speak to."""

import pytest

from kit.commands import serve


@pytest.fixture
def house(tmp_path):
    """A house on a free port over an empty folder."""
    served = serve(tmp_path / "data")
    yield served
    served.stop()


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory):
    """A house that the tests of a module share; none of them may lean on another's alerts."""
    served = serve(tmp_path_factory.mktemp("house") / "data")
    yield served
    served.stop()
