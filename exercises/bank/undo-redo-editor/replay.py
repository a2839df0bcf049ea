class Editor:
    """Keeps the changes and builds the text anew from those that stand."""

    def __init__(self):
        self.changes = []
        self.undone = []
        self.text = ''

    def _replay(self):
        text = ''
        for kind, value in self.changes:
            if kind == 'type':
                text += value
            else:
                for _ in range(value):
                    text = text[:-1]
        self.text = text

    def _do(self, change):
        self.changes.append(change)
        self.undone.clear()
        self._replay()

    def type(self, words):
        self._do(('type', words))

    def erase(self, count):
        self._do(('erase', count))

    def undo(self):
        if len(self.changes) == 0:
            return False
        self.undone.append(self.changes.pop())
        self._replay()
        return True

    def redo(self):
        if len(self.undone) == 0:
            return False
        self.changes.append(self.undone.pop())
        self._replay()
        return True
