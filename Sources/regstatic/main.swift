// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import CLinux
import CStatic
import Commands
import Glibc

cstatic_start()
// Names in archives are UTF-8, regardless of the user's language. Set this once, before the program
// starts threads.
unsafe setlocale(LC_CTYPE, "C.UTF-8")
// If a file exceeds the process's size limit, the write must return an error that regstatic
// reports, instead of ending the process.
signal(SIGXFSZ, SIG_IGN)
// Return large freed blocks to the system, because the C library would keep this memory, and later
// documents may not fit into the gaps.
linux_return_large_memory(4 << 20)
// If the caller closed a standard stream, open a device in its place, so that no other file gets
// its number. Output to a closed standard output must fail, not be lost without an error.
for (descriptor, path) in zip(Int32(0)..<3, ["/dev/null", "/dev/full", "/dev/null"])
where fcntl(descriptor, F_GETFD) == -1 {
    _ = unsafe open(path, descriptor == 0 ? O_RDONLY : O_WRONLY)
}
CrashReport.install()
let arguments = (0..<Int(CommandLine.argc))
    .map { index in
        guard let argument = unsafe CommandLine.unsafeArgv[index] else { return [UInt8]() }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
let words = arguments.map { String(decoding: $0, as: UTF8.self) }
if let error = ArgumentEncoding.error(in: arguments) ?? UnknownCommand.error(in: words) {
    let line = Array("\(error)\n".utf8)
    _ = unsafe write(STDERR_FILENO, line, line.count)
    exit(ArgumentEncoding.exitCode)
}
RegstaticCommand.main()
