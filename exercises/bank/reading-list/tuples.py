class ReadingList:
    def __init__(self, titles=None):
        self.waiting = () if titles is None else tuple(titles)
        self.done = ()

    def add(self, title):
        self.waiting += (title,)

    def finish(self, title):
        at = self.waiting.index(title)
        self.waiting = self.waiting[:at] + self.waiting[at + 1:]
        self.done = (*self.done, title)

    def unread(self):
        return list(self.waiting)

    def read(self):
        return list(self.done)
