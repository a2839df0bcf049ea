from collections import deque


class Playlist:
    """A ring with the current song in front; each song is a pair that says whether it is the first of the list."""

    def __init__(self, songs):
        self.ring = deque((song, number == 0) for number, song in enumerate(songs))

    def current(self):
        for song, _ in self.ring:
            return song
        return None

    def skip(self, steps=1):
        self.ring.rotate(-steps)
        return self.current()

    def add(self, song):
        if len(self.ring) == 0:
            self.ring.append((song, True))
        else:
            self.ring.insert(1, (song, False))

    def remove(self):
        if len(self.ring) == 0:
            return None
        song, is_first = self.ring.popleft()
        if is_first and self.ring:
            self.ring[0] = (self.ring[0][0], True)
        return song

    def songs(self):
        ordered = deque(self.ring)
        while ordered and not ordered[0][1]:
            ordered.rotate(-1)
        return [song for song, _ in ordered]
