class ReadingList:
    def __init__(self, titles=()):
        self.titles = list(titles)
        done = []

    def add(self, title):
        self.titles.append(title)

    def finish(self, title):
        self.titles.remove(title)
        done.append(title)

    def unread(self):
        return list(self.titles)

    def read(self):
        return list(done)
