class School:
    def __init__(self):
        self.students = {}
        self.results = []

    def add_student(self, name, grade):
        fits = name not in self.students
        if fits:
            self.students[name] = grade
        self.results.append(fits)

    def roster(self):
        return sorted(self.students, key=lambda name: (self.students[name], name))

    def grade(self, number):
        return sorted(name for name, grade in self.students.items() if grade == number)

    def added(self):
        return self.results
