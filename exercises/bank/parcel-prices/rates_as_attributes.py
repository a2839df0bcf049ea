class Parcel:
    factor = 1
    insurance = 0

    def __init__(self, grams):
        self.grams = grams

    def price(self):
        steps = 0 if self.grams <= 1000 else (self.grams - 1000 + 499) // 500
        return (400 + 150 * steps) * self.factor + self.insurance

    def label(self):
        return '%d g: %d cents' % (self.grams, self.price())


class ExpressParcel(Parcel):
    factor = 2


class InsuredParcel(Parcel):
    def __init__(self, grams, value):
        super().__init__(grams)
        hundreds, _ = divmod(value, 100)
        self.insurance = sorted([hundreds, 50])[1]
