class Editor:
    """Keeps every version in one list and remembers which one shows."""

    def __init__(self):
        self.versions = ['']
        self.at = 0

    @property
    def text(self):
        return self.versions[self.at]

    def _show(self, text):
        del self.versions[self.at + 1:]
        self.versions.append(text)
        self.at += 1

    def type(self, words):
        self._show(self.text + words)

    def erase(self, count):
        keep = len(self.text) - count
        self._show(self.text[:max(keep, 0)])

    def undo(self):
        if self.at == 0:
            return False
        self.at -= 1
        return True

    def redo(self):
        if self.at + 1 == len(self.versions):
            return False
        self.at += 1
        return True
