// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The reason why a file isn't a program that Linux runs without any other file.
package enum ProgramFault: Error, Hashable, Sendable {
    /// The path names a folder, a pipe or a device.
    case notAFile
    case tooLarge(limit: Int)
    case notELF
    /// The file is an object, a library or a memory dump.
    case notExecutable
    /// The program is for another operating system; the number is the ABI of the ELF header.
    case otherSystem(Int)
    /// The number is the machine of the ELF header.
    case unknownMachine(Int)
    /// The program needs a loader and shared libraries, which another machine may lack.
    case dynamic
    /// A part of the file that its headers name is missing or can't be right.
    case damaged
    /// The file changed while it was copied.
    case changed
}

/// The reason why a program can't get its place in a site.
package enum ProgramRefusal: Error, Hashable, Sendable {
    case fault(ProgramFault, path: String)
    /// The same, for the program that is running.
    case running(ProgramFault)
    /// Two programs are for the same machine.
    case twice(Machine, paths: [String])
    /// A file that regstatic didn't write is in the place of the site's file.
    case occupied(String)
}
