"""Passes bytes on to a port of this machine, until it is told to cut every connection as a machine that dies would."""

import contextlib
import socket
import struct
import threading

AT_ONCE = struct.pack("ii", 1, 0)


class Relay:
    def __init__(self, port, target):
        self.target, self.open = target, []
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.target))
            self.open.append(near)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.copy, args=(source, sink), daemon=True).start()

    @staticmethod
    def copy(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def cut(self):
        for near in self.open:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            # Wakes the thread that waits for bytes, which keeps the connection from being closed.
            with contextlib.suppress(OSError):
                near.shutdown(socket.SHUT_RD)
            near.close()
        self.open.clear()
