import unittest

import clock


class ClockTest(unittest.TestCase):
    def test_times(self):
        times = {(8, 0): "08:00", (25, 0): "01:00", (1, -40): "00:20", (-1, 15): "23:15"}
        for (hour, minute), shown in times.items():
            with self.subTest(f"{hour}:{minute}", expected=shown):
                self.assertEqual(str(clock.Clock(hour, minute)), shown)

    def test_add_and_subtract(self):
        self.assertEqual(str(clock.Clock(10, 0) + 3), "10:03")
        self.assertEqual(repr(clock.Clock(10, 3) - 30), "Clock(9, 33)")

    def test_clocks_with_same_time(self):
        self.assertEqual(clock.Clock(15, 37), clock.Clock(15, 37))
        self.assertNotEqual(clock.Clock(15, 36), clock.Clock(15, 37))

    def test_constant(self):
        self.assertEqual(clock.MINUTES, 1440)
