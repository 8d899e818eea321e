// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import Synchronization

/// The temporary output file, which a signal handler removes because a part of an archive is
/// useless.
enum UnfinishedFile {
    /// The address of the path as a C string; 0 if no file is registered.
    ///
    /// The string is never freed, because a signal handler on another thread may read it at any
    /// moment.
    private static let path = Atomic<UInt>(0)
    private static let ends = [SIGINT, SIGTERM, SIGHUP]

    /// Registers the path, so that a signal removes the file.
    static func begin(_ path: String) {
        let copy = unsafe UInt(bitPattern: strdup(path))
        self.path.store(copy, ordering: .sequentiallyConsistent)
        // If the parent process set a signal to be ignored, as nohup does, keep ignoring it.
        for number in ends where !isIgnored(number) {
            signal(number) { number in
                let path = UnfinishedFile.path.load(ordering: .sequentiallyConsistent)
                if let name = unsafe UnsafePointer<CChar>(bitPattern: path) { unsafe unlink(name) }
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// Unregisters the path, once the file is complete or removed.
    static func end() { path.store(0, ordering: .sequentiallyConsistent) }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        unsafe sigaction(number, nil, &action)
        let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return unsafe handler == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
