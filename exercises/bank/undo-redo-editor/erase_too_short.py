class Editor:
    def __init__(self):
        self.text = ''
        self.undos = []
        self.redos = []

    def type(self, words):
        self.undos.append(self.text)
        self.redos.clear()
        self.text += words

    def erase(self, count):
        self.undos.append(self.text)
        self.redos.clear()
        self.text = self.text[:len(self.text) - count]

    def undo(self):
        if not self.undos:
            return False
        self.redos.append(self.text)
        self.text = self.undos.pop()
        return True

    def redo(self):
        if not self.redos:
            return False
        self.undos.append(self.text)
        self.text = self.redos.pop()
        return True
