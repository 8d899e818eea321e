# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Stops the program after each system call that changes something, so that a reader sees every state."""

import contextlib
import os
import re
import signal
import threading
import time

import client
from runs import CHANGES, STRACE

LINE = re.compile(r"(\d+) +(\d+\.\d+) (.*)")


class Steps:
    """One run on a site, from state to state."""

    def __init__(self, program, scenario, site):
        self.program, self.scenario, self.site = program, scenario, site
        self.calls, self.looks, self.faults = 0, 0, []
        self.moved = set()  # What leads to new images only.

    def look(self):
        """What a client can't pull in this state, and what has gone back to an old image."""
        old, new, site = self.scenario.before, self.scenario.after, client.Site(self.site, self.scenario.portable)
        now = {name for name in new if site.state.get(name) == new[name] != old.get(name)}
        back = [f"{name} has gone back" for name in sorted(self.moved - now)]
        self.moved |= now
        return client.wrong(site, old, new) + back

    def run(self, log):
        """The exit code and the output."""
        os.mkfifo(log)
        calls = ",".join(f"?{call}" for call in CHANGES)
        strace = [*STRACE, log, "-ttt", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=STOP"]
        running = self.program.start(self.scenario.words, self.site, strace)
        timer = threading.Timer(300, os.killpg, [running.pid, signal.SIGKILL])
        timer.start()
        try:
            with open(log, errors="replace") as lines:
                self.follow(LINE.match(line).groups() for line in lines)
        finally:
            timer.cancel()
        os.remove(log)
        text, _ = running.communicate()
        return running.returncode, text.decode(errors="replace")

    def follow(self, lines):
        """The main thread makes all changes that a client can see. Others stop with it, without a signal of their
        own. If one had a signal, too, the program may go on during a look, which then doesn't count.

        A thread that stopped before the program was last continued has gone on, too. Another signal would continue
        the next stop before its look, and so on to the end."""
        main, call, signalled, ended, continued, seen = None, "", set(), 0, 0, []
        for thread, start, event in lines:
            main = main or thread
            if event.startswith("--- SIGSTOP {"):
                signalled.add(thread)
            elif event.startswith("--- stopped by SIGSTOP") and thread in signalled:
                signalled.remove(thread)
                if float(start) < continued:
                    continue
                if thread == main:
                    seen, ended = [(call, self.look())], time.time()
                continued = time.time()
                with contextlib.suppress(ProcessLookupError):  # The end may have come already.
                    os.kill(int(main), signal.SIGCONT)
            elif thread == main and event[0] not in "-<":
                self.count(seen if ended <= float(start) else [])
                seen, call, self.calls = [], event, self.calls + (event[0] != "+")

    def count(self, seen):
        for call, faults in seen:
            self.looks += 1
            self.faults += [f"after {call}: " + "; ".join(faults[:3])] if faults else []
