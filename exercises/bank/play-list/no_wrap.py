class Playlist:
    def __init__(self, songs):
        self.tracks = list(songs)
        self.place = 0

    def current(self):
        if not self.tracks:
            return None
        return self.tracks[self.place]

    def skip(self, steps=1):
        if not self.tracks:
            return None
        self.place = max(0, min(self.place + steps, len(self.tracks) - 1))
        return self.tracks[self.place]

    def add(self, song):
        self.tracks.insert(self.place + 1, song)

    def remove(self):
        if not self.tracks:
            return None
        song = self.tracks.pop(self.place)
        self.skip(0)
        return song

    def songs(self):
        return list(self.tracks)
