import math


class Parcel:
    grams = 0

    def __init__(self, grams):
        Parcel.grams = grams

    def price(self):
        if Parcel.grams <= 1000:
            return 400
        return 400 + math.ceil((Parcel.grams - 1000) / 500) * 150

    def label(self):
        return f'{Parcel.grams} g: {self.price()} cents'


class ExpressParcel(Parcel):
    def price(self):
        return super().price() * 2


class InsuredParcel(Parcel):
    def __init__(self, grams, value):
        super().__init__(grams)
        self.value = value

    def price(self):
        return super().price() + max(50, self.value // 100)
