"""What stands for a Python that is started, see `forked`: it imports little, for it is started often.

It hands on where it stands, what it may read and write, and its signals, and ends as the program does that is run.
"""

import marshal
import os
import signal
import socket
import sys

FORWARDED = (signal.SIGINT, signal.SIGTERM)

place, *words = sys.argv[1:]
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
    line.connect(place)
    order = marshal.dumps((words, os.getcwd(), dict(os.environ)))  # noqa: PTH109 - pathlib takes longer than all else
    socket.send_fds(line, [order], [0, 1, 2])
    for number in FORWARDED:
        signal.signal(number, lambda number, _: line.send(bytes([number])))
    code = int(line.recv(9) or 1)
    for number in FORWARDED:
        signal.signal(number, signal.SIG_DFL)
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
