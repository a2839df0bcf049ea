class Editor:
    def __init__(self):
        self.text = ''
        self.done = []
        self.undone = []

    def type(self, words):
        self.text += words
        self.done.append(len(words))
        self.undone = []

    def erase(self, count):
        self.text = self.text[:-count]
        self.done.append(-count)
        self.undone = []

    def undo(self):
        if not self.done:
            return False
        size = self.done.pop()
        self.undone.append(self.text)
        if size > 0:
            self.text = self.text[:-size]
        return True

    def redo(self):
        if not self.undone:
            return False
        text = self.undone.pop()
        self.done.append(len(text) - len(self.text))
        self.text = text
        return True
