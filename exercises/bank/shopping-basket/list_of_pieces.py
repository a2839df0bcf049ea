class Basket:
    def __init__(self):
        self.pieces = []
        self.price_of = {}

    def add(self, name, price, count=1):
        self.pieces.extend([name] * count)
        self.price_of[name] = price

    def remove(self, name):
        if name not in self.pieces:
            raise KeyError(name)
        # The last of its pieces, so that the first keeps its place.
        last = max(at for at, piece in enumerate(self.pieces) if piece == name)
        del self.pieces[last]

    def total(self):
        return sum(self.price_of[piece] for piece in self.pieces)

    def __len__(self):
        return len(self.pieces)

    def __contains__(self, name):
        return self.pieces.count(name) > 0

    def __iter__(self):
        seen = []
        for piece in self.pieces:
            if piece not in seen:
                seen.append(piece)
                yield piece
