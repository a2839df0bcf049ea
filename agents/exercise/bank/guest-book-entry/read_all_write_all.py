def read_guests():
    try:
        with open('guests.txt', encoding='utf-8') as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def main():
    name = input().strip()
    if name == '':
        print('No name given.')
        return
    guests = read_guests()
    guests.append(name)
    with open('guests.txt', 'w', encoding='utf-8') as file:
        for guest in guests:
            print(guest, file=file)
    print('Guest number', len(guests), end=': ')
    print(name)


main()
