import unittest

from grade_school import School


class GradeSchoolTest(unittest.TestCase):
    def setUp(self):
        self.school = School()

    def test_roster_is_empty_when_no_student_is_added(self):
        expected = []
        self.assertEqual(self.school.roster(), expected)

    def test_student_cant_be_added_to_same_grade_twice(self):
        self.school.add_student(name="Blair", grade=2)
        self.school.add_student(name="James", grade=2)
        self.school.add_student(name="James", grade=2)
        self.school.add_student(name="Paul", grade=2)
        expected = [True, True, False, True]
        self.assertEqual(self.school.added(), expected)

    def test_roster_is_sorted_by_grade_and_name(self):
        for name, grade in [("Peter", 2), ("Anna", 1), ("Barb", 1), ("Zoe", 2)]:
            self.school.add_student(name, grade)
        self.assertEqual(self.school.roster(), ["Anna", "Barb", "Peter", "Zoe"])
        self.assertIn("Anna", self.school.roster())
        self.assertNotIn("Bo", self.school.grade(1))
        self.assertCountEqual(self.school.grade(2), ["Zoe", "Peter"])
        self.assertTrue(self.school.grade(1))
        self.assertFalse(self.school.grade(3))
