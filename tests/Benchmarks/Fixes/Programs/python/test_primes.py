from primes import *

assert primes_below(20) == [2, 3, 5, 7, 11, 13, 17, 19]
assert factors(360) == [2, 2, 2, 3, 3, 5]
assert collatz(27) == 111 and not is_prime(1)
