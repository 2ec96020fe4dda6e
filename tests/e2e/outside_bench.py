"""A packing bench by somebody who never saw the product's code, only its manual: a scanner, a scale that speaks the
Toledo 8217 protocol and a ZPL printer with ~HS. The manual says how the agent finds them: [[device]] tables of its TOML
file, url serial: with the path of a serial port, and tcp:// of a printer. Commands come from standard input, a line each:

    outside_bench.py AGENT.toml STATION
    scan OCTETS | weight KG | labels
"""

import os
import re
import select
import socket
import sys
import tty

STATUS = b"\x02030,0,0,1218,000,0,0,0,000,0,0,0\x03\r\n\x02001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"


def serial_line():
    """A serial port with two ends: ours, and the path of the agent's. Both stay open: nobody has pulled a plug."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    return ours, f"serial:{os.ttyname(theirs)}"


def plug_in(toml, station, urls):
    with open(toml, encoding="utf-8") as file:
        tables = re.split(r"(?m)^(?=\[\[device\]\])", file.read())
    for place, table in enumerate(tables):
        kind = re.search(r'kind = "(\w+)"', table)
        if f'station = "{station}"' in table:
            tables[place] = re.sub(r'url = ".*"', f'url = "{urls[kind[1]]}"', table)
    with open(toml, "w", encoding="utf-8") as file:
        file.write("".join(tables))


class Printer:
    """One connection: prints what is between ^XA and ^XZ, and says how it is when asked."""

    def __init__(self, connection):
        self.connection, self.octets = connection, b""

    def read(self, printed):
        octets = self.connection.recv(4096)
        self.octets += octets
        while found := re.search(rb"~HS|\^XA.*?\^XZ", self.octets, re.DOTALL):
            self.octets = self.octets[found.end() :]
            if found[0] == b"~HS":
                self.connection.sendall(STATUS)
            else:
                printed.append(found[0])
        return octets != b""


scanner, scanner_url = serial_line()
scale, scale_url = serial_line()
port = socket.create_server(("127.0.0.1", 0))
printer_url = f"tcp://127.0.0.1:{port.getsockname()[1]}"
plug_in(*sys.argv[1:], {"scanner": scanner_url, "scale": scale_url, "printer": printer_url})
weight, printed, connections = 0.0, [], {}
print("plugged in", flush=True)
while True:
    for ready in select.select([0, scale, port, *connections], [], [])[0]:
        if ready is port:
            connection = port.accept()[0]
            connections[connection] = Printer(connection)
        elif ready in connections:
            if not connections[ready].read(printed):
                connections.pop(ready).connection.close()
        elif ready == scale:
            for _ in range(os.read(scale, 64).count(b"W")):
                os.write(scale, b"\x02%06.3f\r" % weight)
        else:
            lines = os.read(0, 4096).splitlines()
            for word, _, rest in (line.partition(b" ") for line in lines):
                if word == b"scan":
                    os.write(scanner, rest + b"\r")
                elif word == b"weight":
                    weight = float(rest)
                elif word == b"labels":
                    # GS1-128: FNC1, which is >8 in ZPL, then (00) and the SSCC.
                    print(*(re.search(rb">800(\d{18})", label)[1].decode() for label in printed), flush=True)
            if not lines:
                sys.exit()
