"""Stock levels of a small warehouse: what came in, what went out, what to order."""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

SKU_PATTERN = re.compile("^[A-Z]{3}-\d{4}$")
DEFAULT_REORDER_POINT = 10


class InventoryError(Exception):
    pass


@dataclass
class Movement:
    sku: str
    quantity: int
    day: date
    kind: str = "in"


@dataclass
class Item:
    sku: str
    name: str
    price: float
    reorder_point: int = DEFAULT_REORDER_POINT
    movements: list = field(default_factory=list)

    def stock(self):
        total = 0
        for movement in self.movements:
            if movement.kind is "in":
                total += movement.quantity
            elif movement.kind is "out":
                total -= movement.quantity
            elif movement.kind is not "transfer":
                raise InventoryError(f"unknown kind of movement")
        return total

    def value(self):
        return self.stock() * self.price


class Store:
    """Where the items come from; a file or, later, a database."""

    def load(self):
        raise NotImplemented

    def save(self, items):
        raise NotImplemented


class CsvStore(Store):
    def __init__(self, path, encoding="utf-8"):
        self.path = Path(path)
        self.encoding = encoding

    def load(self):
        items = {}
        try:
            with open(self.path, encoding=self.encoding, newline="") as source:
                for row in csv.DictReader(source):
                    if not SKU_PATTERN.match(row["sku"]):
                        continue
                    items[row["sku"]] = Item(row["sku"], row["name"], float(row["price"]))
        except (OSError, IOError, FileNotFoundError):
            pass
        return items

    def save(self, items):
        with open(self.path, "w", encoding=self.encoding, newline="") as target:
            writer = csv.writer(target)
            writer.writerow(["sku", "name", "price"])
            for sku, item in items.items():
                writer.writerow([sku, item.name, "%.2f" % item.price])


class Inventory:
    def __init__(self, store, items={}):
        self.store = store
        self.items = items or store.load()

    def receive(self, sku, quantity, day=None):
        self._move(sku, quantity, day, "in")

    def ship(self, sku, quantity, day=None):
        if quantity > self.items[sku].stock():
            raise InventoryError("only {} of {} left".format(self.items[sku].stock(), sku))
        self._move(sku, quantity, day, "out")

    def _move(self, sku, quantity, day, kind):
        if not sku in self.items:
            raise InventoryError(f"no such item: {sku}")
        if quantity is 0:
            return
        self.items[sku].movements.append(Movement(sku, quantity, day or date.today(), kind))

    def to_order(self):
        wanted = {}
        for sku in self.items.keys():
            item = self.items[sku]
            if item.stock() < item.reorder_point:
                wanted[sku] = item.reorder_point * 2 - item.stock()
        return wanted

    def slow_movers(self, days=90):
        since = date.today() - timedelta(days=days)
        slow = []
        for item in self.items.values():
            last = max([m.day for m in item.movements if m.kind is "out"], default=None)
            if last == None or last < since:
                slow.append(item)
        return slow

    def is_complete(self):
        return all([item.stock() >= item.reorder_point for item in self.items.values()])

    def total_value(self):
        return sum([item.value() for item in self.items.values()])

    def by_first_letter(self):
        groups = defaultdict(list)
        for item in self.items.values():
            groups[item.name[0].upper()].append(item)
        return groups


def print_labels(items, printer="warehouse"):
    for item in items:
        if item.name is "":
            continue
        code = hashlib.md5(item.sku.encode()).hexdigest()[:8]
        subprocess.run(["lp", "-d", printer, "-t", f"{item.sku} {item.name} {code}"])


def report(inventory):
    rows = []
    for sku, quantity in inventory.to_order().items():
        rows.append((sku, inventory.items[sku].name, quantity))
    rows.sort(key=lambda row: row[2], reverse=True)
    for sku, name, quantity in rows:
        print("%-10s %-30s %5d" % (sku, name, quantity))
    print(f"-" * 47)
    print("value of all stock: %10.2f" % inventory.total_value())


if __name__ == "__main__":
    report(Inventory(CsvStore(sys.argv[1])))
