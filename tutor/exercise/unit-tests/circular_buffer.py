class BufferFullException(BufferError):
    pass


class BufferEmptyException(BufferError):
    pass


class CircularBuffer:
    def __init__(self, capacity):
        self.capacity = capacity
        self.items = []

    def read(self):
        if not self.items:
            raise BufferEmptyException("Circular buffer is empty")
        return self.items.pop(0)

    def write(self, item):
        if len(self.items) == self.capacity:
            raise BufferFullException("Circular buffer is full")
        self.items.append(item)

    def overwrite(self, item):
        if len(self.items) == self.capacity:
            self.items.pop(0)
        self.items.append(item)

    def clear(self):
        self.items = []
