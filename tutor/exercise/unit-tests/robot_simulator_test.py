import unittest

from robot_simulator import EAST, NORTH, SOUTH, WEST, Robot


class RobotSimulatorTest(unittest.TestCase):
    START = (7, 3)

    def robot_at_start(self, direction):
        return Robot(direction, *self.START)

    def assert_at(self, robot, x, y, direction=NORTH):
        self.assertEqual(robot.coordinates, (x, y))
        self.assertEqual(robot.direction, direction)

    def test_at_origin_facing_north(self):
        robot = Robot(NORTH, 0, 0)
        self.assertEqual(robot.coordinates, (0, 0))
        self.assertEqual(robot.direction, NORTH)

    def test_changes_direction(self):
        for turn, faces in ((EAST, SOUTH), (WEST, NORTH)):
            with self.subTest(turn=turn):
                robot = self.robot_at_start(turn)
                robot.move("R")
                self.assertEqual(robot.direction, faces)

    def test_moving_east_and_north_from_readme(self):
        robot = self.robot_at_start(NORTH)
        robot.move("RAALAL")
        self.assert_at(robot, 9, 4, direction=WEST)

    def test_moves_one_step(self):
        robot = Robot(NORTH, 0, 0)
        robot.move("A")
        self.assert_at(robot, 0, 1)
