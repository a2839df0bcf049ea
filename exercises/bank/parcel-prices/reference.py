class Parcel:
    def __init__(self, grams):
        self.grams = grams

    def price(self):
        steps = len(range(1000, self.grams, 500))
        return 400 + 150 * steps

    def label(self):
        return f'{self.grams} g: {self.price()} cents'


class ExpressParcel(Parcel):
    def price(self):
        return 2 * super().price()


class InsuredParcel(Parcel):
    def __init__(self, grams, value):
        super().__init__(grams)
        self.value = value

    def price(self):
        return super().price() + max(self.value // 100, 50)
