import random
import unittest
from io import StringIO
from unittest.mock import patch

import dice
from dice import Timer, play, roll


class DiceTest(unittest.TestCase):
    @patch("random.randint", return_value=6)
    def test_highest(self, _randint):
        self.assertEqual(roll(2), [6, 6])

    @patch("dice.random.randint", side_effect=[1, 2, 3])
    def test_in_a_row(self, randint):
        self.assertEqual(roll(3), [1, 2, 3])

    def test_asks(self):
        with patch("builtins.input", side_effect=["Bo", "2"]):
            with patch("sys.stdout", new_callable=StringIO) as out:
                play()
            self.assertEqual(out.getvalue(), "Bo rolls 2 dice\n")

    def test_time(self):
        with patch.object(dice.time, "time", lambda: 100.0):
            timer = Timer()
            self.assertEqual(timer.started, 100.0)

    def test_seeded(self):
        random.seed(3)
        first = roll(5)
        random.seed(3)
        self.assertEqual(roll(5), first)

    def test_any_throw(self):
        for _ in range(5):
            self.assertIn(roll(1)[0], range(1, 7))
            self.assertGreaterEqual(sum(roll(3)), 3)
