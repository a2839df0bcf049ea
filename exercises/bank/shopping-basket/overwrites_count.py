class Basket:
    def __init__(self):
        self.articles = {}

    def add(self, name, price, count=1):
        self.articles[name] = [price, count]

    def remove(self, name):
        self.articles[name][1] -= 1
        if self.articles[name][1] == 0:
            del self.articles[name]

    def total(self):
        return sum(price * count for price, count in self.articles.values())

    def __len__(self):
        return sum(count for price, count in self.articles.values())

    def __contains__(self, name):
        return name in self.articles

    def __iter__(self):
        return iter(self.articles)
