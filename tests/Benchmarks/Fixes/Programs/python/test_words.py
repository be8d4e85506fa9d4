from words import *

assert most_common("The cat and the dog and the bird", 2) == ["the", "and"]
assert is_palindrome("No lemon, no melon") and not is_palindrome("pear")
assert caesar("Abc, xyz!", 3) == "Def, abc!"
assert wrap("one two three four", 8) == ["one two", "three", "four"]
