class ReadingList:
    def __init__(self, titles=None):
        if titles is None:
            titles = []
        self.titles = titles
        self.done = []

    def add(self, title):
        self.titles.append(title)

    def finish(self, title):
        self.titles.remove(title)
        self.done.append(title)

    def unread(self):
        return list(self.titles)

    def read(self):
        return list(self.done)
