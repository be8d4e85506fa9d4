from functools import lru_cache
from itertools import count, takewhile


def is_prime(number):
    if number < 2:
        return False
    divisor = 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 1
    return True


def primes():
    for number in count(2):
        if is_prime(number):
            yield number


def primes_below(limit):
    return list(takewhile(lambda p: p < limit, primes()))


def factors(number):
    found = []
    for prime in primes_below(number + 1):
        while number % prime == 0:
            found.append(prime)
            number //= prime
    return found


@lru_cache(maxsize=None)
def collatz(number):
    if number == 1:
        return 0
    if number % 2 == 0:
        return 1 + collatz(number // 2)
    return 1 + collatz(3 * number + 1)
