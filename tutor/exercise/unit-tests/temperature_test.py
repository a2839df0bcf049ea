"""Plain pytest."""
import math

import pytest

from temperature import average, convert, parse

CASES = [(0, 32.0), (100, 212.0), (-40, -40.0)]


@pytest.mark.parametrize("celsius, fahrenheit", CASES)
def test_convert(celsius, fahrenheit):
    assert convert(celsius) == pytest.approx(fahrenheit)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12C", 12.0), pytest.param("-3.5C", -3.5, id="negative"), (" 7C ", 7)],
)
def test_parse(text, value):
    assert parse(text) == value


@pytest.mark.parametrize("bad", ["", "12", "xC"])
def test_parse_refuses(bad):
    with pytest.raises(ValueError, match=r"no temperature: "):
        parse(bad)


def test_message():
    with pytest.raises(ValueError) as info:
        parse("hot")
    assert str(info.value) == "no temperature: 'hot'"
    assert "hot" in str(info.value)


def test_average():
    assert average([1, 2, 4]) == pytest.approx(2.333, abs=0.001)
    assert average([]) is None
    result = average([math.pi])
    assert not math.isnan(result)
    assert 3 < result < 4
    assert isinstance(result, float) and result != 3
