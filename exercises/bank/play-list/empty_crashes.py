class Playlist:
    def __init__(self, songs):
        self.tracks = list(songs)
        self.place = 0

    def current(self):
        return self.tracks[self.place]

    def skip(self, steps=1):
        self.place = (self.place + steps) % len(self.tracks)
        return self.tracks[self.place]

    def add(self, song):
        self.tracks.insert(self.place + 1, song)

    def remove(self):
        song = self.tracks.pop(self.place)
        self.place = self.place % len(self.tracks)
        return song

    def songs(self):
        return list(self.tracks)
