class Seat:
    def __init__(self, row, number):
        self.place = (row, number)

    def __str__(self):
        row, number = self.place
        return row + str(number)

    def __eq__(self, other):
        if not isinstance(other, Seat):
            return NotImplemented
        return self.place == other.place

    def is_beside(self, other):
        row, number = self.place
        return other.place in [(row, number - 1), (row, number + 1)]
