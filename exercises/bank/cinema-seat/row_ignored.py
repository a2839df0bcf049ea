class Seat:
    def __init__(self, row, number):
        self.row = row
        self.number = number

    def __str__(self):
        return f'{self.row}{self.number}'

    def __eq__(self, other):
        return isinstance(other, Seat) and str(self) == str(other)

    def is_beside(self, other):
        return abs(self.number - other.number) == 1
