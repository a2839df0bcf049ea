class Basket:
    counts = {}
    prices = {}

    def add(self, name, price, count=1):
        self.counts[name] = self.counts.get(name, 0) + count
        self.prices[name] = price

    def remove(self, name):
        self.counts[name] -= 1
        if self.counts[name] == 0:
            del self.counts[name]

    def total(self):
        return sum(self.counts[name] * self.prices[name] for name in self.counts)

    def __len__(self):
        return sum(self.counts.values())

    def __contains__(self, name):
        return name in self.counts

    def __iter__(self):
        return iter(self.counts)
