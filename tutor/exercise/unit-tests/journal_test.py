import pytest
import pytest_asyncio

from journal import Journal, load

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def loaded():
    return await load(["one", "two"])


async def test_loaded(loaded):
    assert loaded.write("three") == 3


def test_fills_up():
    journal = Journal(2)
    count = 0
    while count < 2:
        count += 1
        assert journal.write("text") == count
    try:
        journal.write("more")
    except OverflowError as error:
        assert str(error) == "the journal is full"
    else:
        assert False, "it takes too much"


def test_needs_a_text():
    journal = Journal()
    try:
        journal.write("")
        pytest.fail("it takes an empty text")
    except ValueError as error:
        assert "has a text" in str(error)
    finally:
        assert journal.entries == []


def test_takes_what_fits():
    journal = Journal(1)
    try:
        assert journal.write("fits") == 1
    except OverflowError:
        pytest.fail("it takes too little")


def test_counts_readers():
    journal = Journal()
    journal.write("mine")
    with journal.read(0) as entry, journal.read(0):
        assert entry.readers == 2
        if journal.size > 0:
            entry.text = "ours"
    assert journal.read(0).readers == 0
    assert journal.read(0).text == "ours"


@pytest.mark.parametrize("size", [1, 2])
def test_sizes(size):
    journal = Journal(size)
    if size > 1:
        assert journal.write("a") == 1
    assert journal.write("b") == size
