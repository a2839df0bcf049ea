class Playlist:
    def __init__(self, songs):
        self.tracks = list(songs)
        self.place = 0

    def current(self):
        return self.skip(0)

    def skip(self, steps=1):
        if not self.tracks:
            return None
        self.place = (self.place + steps) % len(self.tracks)
        return self.tracks[self.place]

    def add(self, song):
        self.tracks.insert(self.place + 1, song)

    def remove(self):
        song = self.current()
        if self.tracks:
            del self.tracks[self.place]
            self.skip(0)
        return song

    def songs(self):
        return list(self.tracks)
