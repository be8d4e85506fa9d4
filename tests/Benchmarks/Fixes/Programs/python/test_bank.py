from bank import *

account = Account.open("Ada")
account.deposit(40)
account.withdraw(20)
assert account.balance == 30 and account.history == [("deposit", 40), ("withdraw", 20)]
try:
    account.withdraw(100)
    assert False
except InsufficientFunds as error:
    assert str(error) == "Ada has only 30"
savings = Savings("Bob", 0.5)
savings.deposit(10)
savings.add_interest()
assert savings.balance == 15
assert Account.due(first_of_month(2024, 2), 29) == date(2024, 3, 1)
