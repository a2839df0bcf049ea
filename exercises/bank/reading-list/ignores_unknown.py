class ReadingList:
    def __init__(self, titles=()):
        self.titles = list(titles)
        self.done = []

    def add(self, title):
        self.titles.append(title)

    def finish(self, title):
        if title in self.titles:
            self.titles.remove(title)
            self.done.append(title)

    def unread(self):
        return list(self.titles)

    def read(self):
        return list(self.done)
