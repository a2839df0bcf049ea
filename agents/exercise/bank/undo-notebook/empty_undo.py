class Notebook:
    def __init__(self):
        self.words = []
        self.undone = []

    def write(self, word):
        self.words.append(word)
        self.undone = []

    def undo(self):
        word = self.words.pop()
        self.undone.append(word)
        return word

    def redo(self):
        word = self.undone.pop()
        self.words.append(word)
        return word

    def text(self):
        return ' '.join(self.words)
