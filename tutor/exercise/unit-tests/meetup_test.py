import unittest
from datetime import date

from meetup import (
    MeetupDayException,
    meetup,
)


class MeetupTest(unittest.TestCase):
    def test_first_monday_of_may_2013(self):
        self.assertEqual(meetup(2013, 5, "first", "Monday"), date(2013, 5, 6))

    def test_teenth_friday_of_june_2013(self):
        self.assertEqual(meetup(2013, 6, "teenth", "Friday"), date(2013, 6, 14))

    def test_last_sunday_of_february_2024(self):
        expected = date(2024, 2, 25)
        result = meetup(2024, 2, "last", "Sunday")
        self.assertEqual(result, expected)

    def test_nonexistent_fifth_monday(self):
        with self.assertRaises(MeetupDayException) as err:
            meetup(2022, 2, "fifth", "Monday")
        self.assertEqual(err.exception.args[0], "That day does not exist.")
