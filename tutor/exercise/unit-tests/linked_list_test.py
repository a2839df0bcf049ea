import unittest

from linked_list import EmptyListException, LinkedList


class LinkedListTest(unittest.TestCase):
    def test_pop_gets_element_from_the_list(self):
        lst = LinkedList()
        lst.push(7)
        self.assertEqual(lst.pop(), 7)

    def test_push_pop_respectively_add_remove_at_the_end_of_the_list(self):
        lst = LinkedList()
        lst.push(11)
        lst.push(13)
        self.assertEqual(lst.pop(), 13)
        self.assertEqual(lst.pop(), 11)

    def test_has_a_length_and_can_be_iterated(self):
        lst = LinkedList([1, 2, 3])
        self.assertEqual(len(lst), 3)
        self.assertEqual(list(lst), [1, 2, 3])
        self.assertIs(LinkedList([1]) is None, False)
        self.assertIsInstance(lst, LinkedList)

    def test_is_emptied(self):
        numbers = range(4)
        lst = LinkedList(numbers)
        for _ in numbers:
            lst.pop()
        self.assertEqual(len(lst), 0)

    def test_an_empty_list_refuses(self):
        with self.assertRaises(EmptyListException) as err:
            LinkedList().pop()
        self.assertEqual(type(err.exception), EmptyListException)
        to_validate = "The list is empty."
        self.assertEqual(err.exception.args[0], to_validate)

    def test_two_equal_lists(self):
        self.assertEqual(LinkedList([1, 2]), LinkedList([1, 2]))
        self.assertNotEqual(LinkedList([1, 2]), LinkedList([2, 1]))
