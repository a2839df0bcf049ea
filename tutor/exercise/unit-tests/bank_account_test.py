import unittest

from bank_account import BankAccount


class BankAccountTest(unittest.TestCase):
    def test_newly_opened_account_has_zero_balance(self):
        account = BankAccount()
        account.open()
        self.assertEqual(account.get_balance(), 0)

    def test_single_deposit(self):
        account = BankAccount()
        account.open()
        account.deposit(100)
        self.assertEqual(account.get_balance(), 100)

    def test_can_do_multiple_operations_sequentially(self):
        account = BankAccount()
        account.open()
        account.deposit(100)
        account.deposit(110)
        account.withdraw(200)
        account.deposit(60)
        account.withdraw(50)
        self.assertEqual(account.get_balance(), 20)

    def test_cannot_check_balance_of_closed_account(self):
        account = BankAccount()
        account.open()
        account.close()

        with self.assertRaises(ValueError) as err:
            account.get_balance()
        self.assertEqual(type(err.exception), ValueError)
        self.assertEqual(err.exception.args[0], "account not open")

    def test_cannot_open_an_already_opened_account(self):
        account = BankAccount()
        account.open()
        with self.assertRaises(ValueError) as err:
            account.open()
        self.assertEqual(err.exception.args[0], "account already open")

    def test_reopened_account_does_not_retain_balance(self):
        account = BankAccount()
        account.open()
        account.deposit(50)
        account.close()
        account.open()
        self.assertEqual(account.get_balance(), 0)

    def test_goes_on_after_a_refusal(self):
        account = BankAccount()
        account.open()
        account.deposit(25)
        with self.assertRaises(ValueError) as err:
            account.withdraw(50)
        self.assertEqual(err.exception.args[0], "amount must be less than balance")
        self.assertEqual(account.get_balance(), 25)
        with self.assertRaises(ValueError) as err:
            account.withdraw(-50)
        self.assertEqual(str(err.exception), "amount must be greater than 0")
