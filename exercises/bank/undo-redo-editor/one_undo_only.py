class Editor:
    def __init__(self):
        self.text = ''
        self.old = None
        self.new = None

    def type(self, words):
        self.old = self.text
        self.new = None
        self.text += words

    def erase(self, count):
        self.old = self.text
        self.new = None
        self.text = self.text[:-count]

    def undo(self):
        if self.old is None:
            return False
        self.new = self.text
        self.text = self.old
        self.old = None
        return True

    def redo(self):
        if self.new is None:
            return False
        self.old = self.text
        self.text = self.new
        self.new = None
        return True
