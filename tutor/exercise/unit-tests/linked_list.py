class EmptyListException(Exception):
    pass


class LinkedList:
    def __init__(self, values=()):
        self.values = list(values)

    def push(self, value):
        self.values.append(value)

    def pop(self):
        if not self.values:
            raise EmptyListException("The list is empty.")
        return self.values.pop()

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return iter(self.values)

    def __eq__(self, other):
        return self.values == other.values
