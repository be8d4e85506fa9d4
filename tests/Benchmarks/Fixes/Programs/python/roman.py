VALUES = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"),
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]


def to_roman(number):
    if not 0 < number < 4000:
        raise ValueError("out of range: " + str(number))
    text = ""
    for value, letters in VALUES:
        while number >= value:
            text += letters
            number -= value
    return text


def from_roman(text):
    total = 0
    previous = 0
    table = {letters: value for value, letters in VALUES if len(letters) == 1}
    for letter in reversed(text):
        value = table[letter]
        if value < previous:
            total -= value
        else:
            total += value
        previous = value
    return total


def describe(number):
    return "{} is {}".format(number, to_roman(number))
