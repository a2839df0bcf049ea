class Notebook:
    def __init__(self):
        self.words = []
        self.undone = []

    def write(self, word):
        self.words.append(word)
        self.undone = []

    def undo(self):
        if not self.words:
            return None
        word = self.words.pop()
        self.undone.append(word)
        return word

    def redo(self):
        if not self.undone:
            return None
        word = self.undone[-1]
        self.words.append(word)
        return word

    def text(self):
        return ' '.join(self.words)
