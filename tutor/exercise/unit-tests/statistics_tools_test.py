import unittest

from statistics_tools import Summary, classify, median, primes, split, variance


class StatisticsTest(unittest.TestCase):
    VALUES = [3, 1, 4, 1, 5]
    LABELS = {"low": 1, "high": 9}

    @classmethod
    def setUpClass(cls):
        cls.summary = Summary(cls.VALUES)

    def sorted_values(self):
        return sorted(self.VALUES)

    def test_median(self):
        self.assertEqual(median(self.VALUES), 3)
        self.assertEqual(median([1, 2]), 1.5)
        self.assertEqual(self.VALUES, [3, 1, 4, 1, 5], "the argument is not changed")

    def test_variance(self):
        self.assertAlmostEqual(variance(self.VALUES), 2.56)
        self.assertAlmostEqual(variance([1, 2, 4]), 1.556, places=3)
        self.assertAlmostEqual(variance([1, 2, 4]), 1.5, delta=0.1, msg="about")
        self.assertNotAlmostEqual(variance([1, 2]), 0)

    def test_classify(self):
        for label, value in self.LABELS.items():
            self.assertEqual(classify(value), label)
        self.assertIs(classify(5), None)
        self.assertIsNone(classify(6))
        self.assertIsNotNone(classify(0))

    def test_primes(self):
        self.assertListEqual(list(primes(10)), [2, 3, 5, 7])
        self.assertSetEqual(set(primes(4)), {2, 3})
        self.assertLess(max(primes(100)), 100)
        self.assertEqual([p for p in primes(20) if p > 10], [11, 13, 17, 19])

    def test_split(self):
        self.assertTupleEqual(split("a,b", ","), ("a", "b"))
        self.assertRegex(split("x1;y2", ";")[1], r"^y\d$")
        self.assertNotRegex(split("x1;y2", ";")[0], "y")
        self.assertRaises(TypeError, split, "ab", 3)
        self.assertRaisesRegex(ValueError, "^empty", split, "ab", "")
        with self.assertRaisesRegex(ValueError, "separator"):
            split("", "")

    def test_summary(self):
        self.assertDictEqual(self.summary.as_dict(), {"n": 5, "max": 5})
        self.assertEqual(self.summary.values, self.sorted_values())
        self.assertIsInstance(self.summary.largest(), int)
        self.assertTrue(self.summary.largest() == 5 and self.summary.values)
