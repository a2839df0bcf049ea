class Playlist:
    """The songs before the current one, and the current one with all after it; only in an empty playlist is the second list empty."""

    def __init__(self, songs):
        self.before = []
        self.after = songs[:]

    def current(self):
        return self.after[0] if self.after else None

    def skip(self, steps=1):
        for _ in range(abs(steps)):
            if steps > 0:
                self._forward()
            else:
                self._back()
        return self.current()

    def add(self, song):
        self.after = self.after[:1] + [song] + self.after[1:]

    def remove(self):
        if not self.after:
            return None
        song, *self.after = self.after
        self._start_again()
        return song

    def songs(self):
        return self.before + self.after

    def _forward(self):
        if self.after:
            self.before.append(self.after.pop(0))
            self._start_again()

    def _back(self):
        if not self.before:
            self.before, self.after = self.after, []
        if self.before:
            self.after.insert(0, self.before.pop())

    def _start_again(self):
        if not self.after:
            self.before, self.after = [], self.before
