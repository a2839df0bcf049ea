def read_guests():
    try:
        with open('guests.txt', encoding='utf-8') as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def main():
    guests = read_guests()
    while True:
        try:
            name = input().strip()
        except EOFError:
            break
        if name != '':
            guests.append(name)
    with open('guests.txt', 'w', encoding='utf-8') as file:
        for guest in guests:
            print(guest, file=file)
    print(f'{len(guests)} guests')


main()
