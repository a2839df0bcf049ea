class ReadingList:
    """Every title with the number of its finishing, None while it is unread."""

    def __init__(self, titles=None):
        self.finished = {}
        self.count = 0
        for title in titles or []:
            self.add(title)

    def add(self, title):
        self.finished[title] = None

    def finish(self, title):
        if title not in self.unread():
            raise ValueError(f'{title} is not waiting to be read')
        self.count += 1
        self.finished[title] = self.count

    def unread(self):
        return [title for title, number in self.finished.items() if number is None]

    def read(self):
        done = [title for title in self.finished if self.finished[title] is not None]
        return sorted(done, key=lambda title: self.finished[title])
