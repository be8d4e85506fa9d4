from roman import *

assert to_roman(1994) == "MCMXCIV" and from_roman("MCMXCIV") == 1994
assert all(from_roman(to_roman(n)) == n for n in range(1, 400))
assert describe(4) == "4 is IV"
