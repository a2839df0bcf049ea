class Basket:
    def __init__(self):
        self.articles = {}

    def add(self, name, price, count=1):
        if name in self.articles:
            self.articles[name]['count'] += count
        else:
            self.articles[name] = {'price': price, 'count': count}

    def remove(self, name):
        self.articles[name]['count'] -= 1
        if self.articles[name]['count'] == 0:
            del self.articles[name]

    def total(self):
        return sum(a['price'] * a['count'] for a in self.articles.values())

    def __len__(self):
        return sum(a['count'] for a in self.articles.values())

    def __contains__(self, name):
        return name in self.articles

    def __iter__(self):
        return iter(self.articles)
