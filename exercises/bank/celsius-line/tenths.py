celsius = int(input())
tenths = celsius * 18 + 320
sign = '-' if tenths < 0 else ''
tenths = abs(tenths)
print(str(celsius) + ' C = ' + sign + str(tenths // 10) + '.' + str(tenths % 10) + ' F')
