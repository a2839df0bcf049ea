from dataclasses import dataclass


@dataclass
class Seat:
    row: str
    number: int

    def __str__(self):
        return '{}{}'.format(self.row, self.number)

    def is_beside(self, other):
        if self.row != other.row:
            return False
        if self.number == other.number - 1:
            return True
        return self.number == other.number + 1
