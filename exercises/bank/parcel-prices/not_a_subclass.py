import math


class Parcel:
    def __init__(self, grams):
        self.grams = grams

    def price(self):
        if self.grams <= 1000:
            return 400
        return 400 + math.ceil((self.grams - 1000) / 500) * 150

    def label(self):
        return f'{self.grams} g: {self.price()} cents'


class ExpressParcel:
    def __init__(self, grams):
        self.parcel = Parcel(grams)

    def price(self):
        return self.parcel.price() * 2

    def label(self):
        return f'{self.parcel.grams} g: {self.price()} cents'


class InsuredParcel:
    def __init__(self, grams, value):
        self.parcel = Parcel(grams)
        self.value = value

    def price(self):
        return self.parcel.price() + max(50, self.value // 100)

    def label(self):
        return f'{self.parcel.grams} g: {self.price()} cents'
