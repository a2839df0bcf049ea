class Notebook:
    def __init__(self):
        self.kept, self.later = (), ()

    def write(self, word):
        self.kept, self.later = (*self.kept, word), ()

    def undo(self):
        try:
            *rest, word = self.kept
        except ValueError:
            return None
        self.kept, self.later = tuple(rest), (word, *self.later)
        return word

    def redo(self):
        if len(self.later) == 0:
            return None
        word, *rest = self.later
        self.kept, self.later = (*self.kept, word), tuple(rest)
        return word

    def text(self):
        line = ''
        for word in self.kept:
            line += word if line == '' else ' ' + word
        return line
