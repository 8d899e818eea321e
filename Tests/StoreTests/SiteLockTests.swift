// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import Store
import Streams
import Testing
import TestSupport

@Suite struct SiteLockTests {
    /// A stranger's archive may hold the lock as another name of a blob, or of a file elsewhere.
    @Test func aHardLinkIsNoLock() throws {
        let site = try TemporaryFolder()
        try site.write("other", [1, 2, 3], mode: 0o600)
        try #require(link(site["other"], site["lock"]) == 0)
        let before = try site.snapshot()
        let folder = try Folder(site.path, creating: false)
        #expect(throws: FileError("lock", site["lock"], code: EMLINK)) {
            try SiteLock(folder, path: "lock")
        }
        #expect(try site.snapshot() == before, "neither emptied nor given another mode")
    }

    /// A pipe in its place would keep a reader waiting for ever.
    @Test(.timeLimit(.minutes(1))) func aPipeIsNoLock() throws {
        let site = try TemporaryFolder()
        try #require(mkfifo(site["lock"], 0o600) == 0)
        let folder = try Folder(site.path, creating: false)
        #expect(throws: FileError.self) { try SiteLock(folder, path: "lock") }
        #expect(throws: FileError.self) { try SiteLock.whileReading(folder, path: "lock") }
    }

    private let site: TemporaryFolder
    private let folder: Folder

    init() throws {
        site = try TemporaryFolder()
        folder = try Folder(site.path, creating: false)
    }

    @Test func theSecondLearnsWhoIsFirst() throws {
        let first = try SiteLock(folder, path: "lock")
        let other = try Folder(site.path, creating: false)
        let error = #expect(throws: LockedError.self) { _ = try SiteLock(other, path: "lock") }
        #expect(error?.holder.hasPrefix("process \(getpid()) on ") == true)
        #expect(error?.holder.contains("\n") == false)
        withExtendedLifetime(first) {}
    }

    /// Takes a lock that is free, or nearly: a process that another test starts has a copy of our
    /// descriptors until it runs its program.
    private func freeLock() throws -> SiteLock {
        for _ in 0..<1000 {
            if let lock = try? SiteLock(folder, path: "lock") { return lock }
            usleep(2000)
        }
        return try SiteLock(folder, path: "lock")
    }

    @Test func itsEndFreesItAndForgetsTheHolder() throws {
        for _ in 0..<3 {
            let lock = try freeLock()
            #expect(try !site.read("lock").isEmpty)
            withExtendedLifetime(lock) {}
        }
        #expect(try site.read("lock").isEmpty)
    }

    /// A killed holder's text stays, its lock doesn't.
    @Test func whatADeadHolderLeftIsNoLock() throws {
        try site.write("lock", "process 1 on a machine with a very long name\n")
        let lock = try SiteLock(folder, path: "lock")
        #expect(try site.text("lock").hasPrefix("process \(getpid()) on "))
        #expect(try site.text("lock").split(separator: "\n").count == 1)
        withExtendedLifetime(lock) {}
    }

    @Test func aKilledProcessHoldsNothing() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let site = try Folder("/tmp/regstatic-lock-\(getppid())", creating: true)
            let lock = try SiteLock(site, path: "lock")
            withExtendedLifetime(lock) { _ = kill(getpid(), SIGKILL) }
        }
        let path = "/tmp/regstatic-lock-\(getpid())"
        defer {
            unlink("\(path)/lock")
            rmdir(path)
        }
        let left = try Folder(path, creating: false)
        #expect(try left.contents("lock", limit: 100)?.isEmpty == false)
        _ = try SiteLock(left, path: "lock")
    }

    @Test func aLinkInTheWayIsNotFollowed() throws {
        try site.write("precious", "content")
        try site.makeLink("lock", to: "precious")
        #expect(throws: FileError.self) { _ = try SiteLock(folder, path: "lock") }
        #expect(try site.text("precious") == "content")
    }

    @Test func readersKeepWritersOutAndLetReadersIn() throws {
        let none = try SiteLock.whileReading(folder, path: "lock")
        #expect(none == nil)
        withExtendedLifetime(try freeLock()) {}
        let other = try Folder(site.path, creating: false)
        let first = try SiteLock.whileReading(folder, path: "lock")
        let second = try SiteLock.whileReading(other, path: "lock")
        #expect(first != nil && second != nil)
        let error = #expect(throws: LockedError.self) { _ = try SiteLock(other, path: "lock") }
        #expect(error?.holder.isEmpty == true)
        withExtendedLifetime((first, second)) {}
    }

    @Test func aWriterKeepsReadersOut() throws {
        let writer = try SiteLock(folder, path: "lock")
        let other = try Folder(site.path, creating: false)
        let error = #expect(throws: LockedError.self) {
            _ = try SiteLock.whileReading(other, path: "lock")
        }
        #expect(error?.holder.hasPrefix("process \(getpid()) on ") == true)
        withExtendedLifetime(writer) {}
    }
}
