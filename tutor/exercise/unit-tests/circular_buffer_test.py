import unittest

from circular_buffer import (
    BufferEmptyException,
    BufferFullException,
    CircularBuffer,
)


class CircularBufferTest(unittest.TestCase):
    # Utility functions
    def assertRaisesWithMessage(self, exception):
        return self.assertRaisesRegex(exception, r".+")

    def test_reading_empty_buffer_should_fail(self):
        buf = CircularBuffer(1)
        with self.assertRaises(BufferError) as err:
            buf.read()
        self.assertEqual(type(err.exception), BufferEmptyException)
        self.assertEqual(err.exception.args[0], "Circular buffer is empty")

    def test_full_buffer_cant_be_written_to(self):
        buf = CircularBuffer(1)
        buf.write("1")
        with self.assertRaisesWithMessage(BufferFullException):
            buf.write("2")

    def test_overwrite_replaces_the_oldest_item(self):
        buf = CircularBuffer(2)
        buf.write("1")
        buf.write("2")
        buf.overwrite("3")
        self.assertEqual(buf.read(), "2")
        self.assertEqual(buf.read(), "3")
        with self.assertRaisesWithMessage(BufferEmptyException):
            buf.read()

    def test_clear_frees_up_capacity(self):
        buf = CircularBuffer(1)
        buf.write("1")
        buf.clear()
        buf.write("2")
        self.assertEqual(buf.read(), "2")
