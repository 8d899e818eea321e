#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""relay.py PORT HOST:PORT   Passes connections on to a server, and counts the bytes that the server sends.

Listens on PORT of 127.0.0.1, says "ready" on standard error, and prints the count after SIGTERM.
"""
import asyncio
import signal
import sys


class Relay:
    def __init__(self, server):
        self.host, _, self.port = server.rpartition(":")
        self.sent = 0

    async def pass_on(self, reader, writer, counts):
        try:
            while data := await reader.read(1 << 16):
                self.sent += len(data) if counts else 0
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError:
            writer.close()  # The other side is gone; the peer has to learn it.

    async def connect(self, reader, writer):
        server_reader, server_writer = await asyncio.open_connection(self.host, self.port)
        await asyncio.gather(self.pass_on(reader, server_writer, False), self.pass_on(server_reader, writer, True))
        for one in writer, server_writer:
            one.close()

    async def run(self, port):
        await asyncio.start_server(self.connect, "127.0.0.1", port)
        end = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
        print("ready", file=sys.stderr, flush=True)
        await end.wait()
        print(self.sent)


if __name__ == "__main__":
    asyncio.run(Relay(sys.argv[2]).run(int(sys.argv[1])))
