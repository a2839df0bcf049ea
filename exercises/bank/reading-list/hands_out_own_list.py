class ReadingList:
    def __init__(self, titles=()):
        self.titles = list(titles)
        self.done = []

    def add(self, title):
        self.titles.append(title)

    def finish(self, title):
        self.titles.remove(title)
        self.done.append(title)

    def unread(self):
        return self.titles

    def read(self):
        return self.done
