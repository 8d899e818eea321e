// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import ArgumentParser
import CLinux
import Commands
import Glibc

// Names in archives are UTF-8 whatever the user's language; once, before there are threads.
unsafe setlocale(LC_CTYPE, "C.UTF-8")
// A file that grows over a limit shall be an error that is reported, not a death.
signal(SIGXFSZ, SIG_IGN)
// The C library keeps freed memory, and later documents may not fit into its gaps.
linux_return_large_memory(4 << 20)
// A file that is opened later must not get the number of a standard stream that the caller closed.
// Results for a closed standard output must fail, not vanish.
for (descriptor, path) in zip(Int32(0)..<3, ["/dev/null", "/dev/full", "/dev/null"])
where fcntl(descriptor, F_GETFD) == -1 {
    _ = unsafe open(path, descriptor == 0 ? O_RDONLY : O_WRONLY)
}
CrashReport.install()
let arguments = unsafe (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }
    .map { argument in
        unsafe [UInt8](UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
if let error = ArgumentEncoding.error(in: arguments) {
    unsafe fputs("\(error)\n", stderr)
    exit(ArgumentEncoding.exitCode)
}
RegstaticCommand.main()
