import math


class Parcel:
    def __init__(self, grams):
        self.grams = grams
        self.cents = 400
        if grams > 1000:
            self.cents += math.ceil((grams - 1000) / 500) * 150

    def price(self):
        return self.cents

    def label(self):
        return f'{self.grams} g: {self.cents} cents'


class ExpressParcel(Parcel):
    def price(self):
        return self.cents * 2


class InsuredParcel(Parcel):
    def __init__(self, grams, value):
        super().__init__(grams)
        self.value = value

    def price(self):
        return self.cents + max(50, self.value // 100)
