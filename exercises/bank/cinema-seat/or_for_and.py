class Seat:
    def __init__(self, row, number):
        self.row = row
        self.number = number

    def __str__(self):
        return f'{self.row}{self.number}'

    def __eq__(self, other):
        return isinstance(other, Seat) and (self.row == other.row or self.number == other.number)

    def is_beside(self, other):
        return self.row == other.row and abs(self.number - other.number) == 1
