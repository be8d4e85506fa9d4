import re
from collections import Counter


def tokenize(text):
    return re.findall(r"[a-z']+", text.lower())


def most_common(text, count=3):
    counter = Counter(tokenize(text))
    ordered = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    return [word for word, _ in ordered[:count]]


def is_palindrome(text):
    letters = [c for c in text.lower() if c.isalnum()]
    return letters == letters[::-1]


def caesar(text, shift):
    result = ""
    for char in text:
        if char.isalpha():
            base = ord("A") if char.isupper() else ord("a")
            result += chr((ord(char) - base + shift) % 26 + base)
        else:
            result += char
    return result


def wrap(text, width):
    lines = []
    current = ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > width:
            lines.append(current)
            current = word
        elif current:
            current += " " + word
        else:
            current = word
    if current:
        lines.append(current)
    return lines
