class Notebook:
    def __init__(self):
        self.words = []
        self.undone = []

    def write(self, word):
        self.words.append(word)

    def undo(self):
        if not self.words:
            return None
        self.undone.append(self.words.pop())
        return self.undone[-1]

    def redo(self):
        if not self.undone:
            return None
        self.words.append(self.undone.pop())
        return self.words[-1]

    def text(self):
        return ' '.join(self.words)
