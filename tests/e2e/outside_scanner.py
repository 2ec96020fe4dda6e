"""A scanner by somebody who never saw the product's code, only its manual: a device is a [[device]] table in the
agent's TOML file, and its url is serial: and the path of a serial port. Octets of the labels come from standard input.

    outside_scanner.py AGENT.toml DEVICE
"""

import os
import re
import sys
import tty

toml, device = sys.argv[1:]
port, line = os.openpty()
tty.setraw(line)
with open(toml, encoding="utf-8") as file:
    tables = re.split(r"(?m)^(?=\[\[device\]\])", file.read())
for place, table in enumerate(tables):
    if f'name = "{device}"' in table:
        tables[place] = re.sub(r'url = ".*"', f'url = "serial:{os.ttyname(line)}"', table)
with open(toml, "w", encoding="utf-8") as file:
    file.write("".join(tables))
os.close(line)
print("plugged in", flush=True)
while octets := os.read(sys.stdin.fileno(), 4096):
    os.write(port, octets)
