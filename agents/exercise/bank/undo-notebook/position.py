class Notebook:
    """All words ever written stay in one list; `end` says how many of them count."""

    def __init__(self):
        self.history = []
        self.end = 0

    def write(self, word):
        self.history = self.history[: self.end] + [word]
        self.end = len(self.history)

    def undo(self):
        if self.end > 0:
            self.end -= 1
            return self.history[self.end]

    def redo(self):
        if self.end < len(self.history):
            self.end += 1
            return self.history[self.end - 1]

    def text(self):
        return ' '.join(self.history[: self.end])
