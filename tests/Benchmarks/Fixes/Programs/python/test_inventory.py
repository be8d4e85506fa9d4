from inventory import *

stock = Inventory(10)
assert stock.add("pen", 3) and stock.add("cup")
assert not stock.add("desk", 9)
assert stock.report() == "cup: 1\npen: 3"
assert stock.boxes(3) == 2
assert stock.remove("pen", 3) and not stock.remove("pen")
assert stock.total() == 1
