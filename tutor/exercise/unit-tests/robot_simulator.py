NORTH, EAST, SOUTH, WEST = range(4)
STEPS = {NORTH: (0, 1), EAST: (1, 0), SOUTH: (0, -1), WEST: (-1, 0)}


class Robot:
    def __init__(self, direction=NORTH, x=0, y=0):
        self.direction = direction
        self.coordinates = (x, y)

    def move(self, commands):
        for command in commands:
            if command == "R":
                self.direction = (self.direction + 1) % 4
            elif command == "L":
                self.direction = (self.direction - 1) % 4
            else:
                (x, y), (dx, dy) = self.coordinates, STEPS[self.direction]
                self.coordinates = (x + dx, y + dy)
