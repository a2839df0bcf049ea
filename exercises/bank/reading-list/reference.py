class ReadingList:
    def __init__(self, titles=()):
        self._unread = list(titles)
        self._read = []

    def add(self, title):
        self._unread.append(title)

    def finish(self, title):
        self._unread.remove(title)
        self._read.append(title)

    def unread(self):
        return self._unread.copy()

    def read(self):
        return self._read.copy()
