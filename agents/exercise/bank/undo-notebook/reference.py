class Notebook:
    def __init__(self):
        self.words = []
        self.undone = []

    def write(self, word):
        self.words.append(word)
        self.undone.clear()

    def undo(self):
        return self._move(self.words, self.undone)

    def redo(self):
        return self._move(self.undone, self.words)

    def text(self):
        return ' '.join(self.words)

    def _move(self, source, target):
        if not source:
            return None
        target.append(source.pop())
        return target[-1]
