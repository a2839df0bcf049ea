class Parcel:
    def __init__(self, grams):
        self.grams = grams

    def plain_price(self):
        cents = 400
        limit = 1000
        while self.grams > limit:
            cents += 150
            limit += 500
        return cents

    def extra(self):
        return 0

    def price(self):
        return self.plain_price() + self.extra()

    def label(self):
        return str(self.grams) + ' g: ' + str(self.price()) + ' cents'


class ExpressParcel(Parcel):
    def extra(self):
        return self.plain_price()


class InsuredParcel(Parcel):
    def __init__(self, grams, value):
        Parcel.__init__(self, grams)
        self.insurance = 50
        if value >= 5100:
            self.insurance = value // 100

    def extra(self):
        return self.insurance
