class Basket:
    def __init__(self):
        self.articles = {}

    def add(self, name, price, count=1):
        if name in self.articles:
            count += self.articles[name][1]
        self.articles[name] = (price, count)

    def remove(self, name):
        price, count = self.articles[name]
        if count == 1:
            del self.articles[name]
        else:
            self.articles[name] = (price, count - 1)

    def total(self):
        return sum(price * count for price, count in self.articles.values())

    def __len__(self):
        return sum(count for _, count in self.articles.values())

    def __contains__(self, name):
        return name in self.articles

    def __iter__(self):
        return iter(self.articles)
