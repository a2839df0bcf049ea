class Editor:
    def __init__(self):
        self.text = ''
        self._before = []
        self._after = []

    def type(self, words):
        self._change(self.text + words)

    def erase(self, count):
        self._change(self.text[:-count])

    def undo(self):
        return self._step(self._before, self._after)

    def redo(self):
        return self._step(self._after, self._before)

    def _change(self, text):
        self._before.append(self.text)
        self._after = []
        self.text = text

    def _step(self, source, target):
        if not source:
            return False
        target.append(self.text)
        self.text = source.pop()
        return True
