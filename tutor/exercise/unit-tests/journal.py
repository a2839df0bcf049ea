class Entry:
    def __init__(self, text):
        self.text = text
        self.readers = 0

    def __enter__(self):
        self.readers += 1
        return self

    def __exit__(self, *_):
        self.readers -= 1


class Journal:
    def __init__(self, size=3):
        self.size = size
        self.entries = []

    def write(self, text):
        if not text:
            raise ValueError("an entry has a text")
        if len(self.entries) == self.size:
            raise OverflowError("the journal is full")
        self.entries.append(Entry(text))
        return len(self.entries)

    def read(self, at):
        return self.entries[at]


async def load(texts):
    journal = Journal()
    for text in texts:
        journal.write(text)
    return journal
