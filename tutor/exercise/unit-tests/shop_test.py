import pytest

import shop
from shop import Basket, main


@pytest.fixture
def basket():
    return Basket()


@pytest.fixture
def filled(basket):
    basket.add("pear", 3, 0.5)
    basket.add("plum", 2, 0.25)
    yield basket


def test_empty(basket):
    assert basket.total() == 0
    assert len(basket) == 0


def test_total(filled):
    assert filled.total() == pytest.approx(2.0)
    filled.add("fig", 1, 1.0)
    assert filled.total() == pytest.approx(3.0)
    assert sorted(filled.names()) == ["fig", "pear", "plum"]


def test_main_asks_and_prints(monkeypatch, capsys):
    answers = iter(["pear", "4"])
    monkeypatch.setattr("builtins.input", lambda prompt="": next(answers))
    main()
    captured = capsys.readouterr()
    assert captured.out == "4 x pear\n"


def test_price_of_today(monkeypatch, filled):
    monkeypatch.setattr(shop, "discount", lambda: 0.5)
    assert filled.total() == pytest.approx(1.0)


class TestPrinting:
    def test_receipt(self, filled, capsys):
        filled.receipt()
        out, err = capsys.readouterr()
        assert "pear: 1.50" in out
        assert err == ""
