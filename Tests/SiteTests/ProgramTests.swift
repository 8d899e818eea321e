// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import OCI
import Site
import SiteModel
import SiteTestSupport
import TestSupport
import Testing

/// Programs on a site's medium, and their README.txt.
@Suite struct ProgramTests {
    private let site: BuiltSite
    private static let input = Fixture.path("docker28-one.tar")
    private static let other = Fixture.path("crane0.20.tar")
    private static let amd64 = "program/regstatic-linux-amd64"
    private static let arm64 = "program/regstatic-linux-arm64"
    private static let second = ProgramSample { $0.content = "second" }

    init() throws { site = try BuiltSite() }

    private func file(_ sample: ProgramSample = ProgramSample()) throws -> ProgramFile {
        let name = "tool-\(Digest(of: sample.bytes).hex)"
        try site.folder.write(name, sample.bytes)
        return try ProgramFile(site.folder[name])
    }

    @discardableResult
    private func build(
        _ samples: ProgramSample...,
        input: String = input,
        layout: SiteLayout? = nil
    ) throws -> SiteBuild.Outcome {
        let files = try samples.map(file)
        return try site.build([input], layout: layout) {
            if !files.isEmpty { $0.programs = .add(files) }
        }
    }

    /// The files of programs, and the guide.
    private var names: [String] {
        get throws {
            try site.snapshot().filter { !$0.key.hasPrefix(".regstatic/tmp") }.keys
                .filter { $0.contains("program") || $0 == "README.txt" }.sorted()
        }
    }

    /// Everything but blobs, which a run may leave behind.
    private var served: [String: Tree.Entry] {
        get throws { try site.published().filter { !$0.key.hasPrefix("blobs/") } }
    }

    private func bytes(_ path: String) throws -> [UInt8] { try site.folder.read("site/\(path)") }

    @Test(arguments: SiteLayout.allCases) func programsAndTheirGuide(_ layout: SiteLayout) throws {
        let outcome = try build(ProgramSample(), .arm64, layout: layout)
        #expect(outcome.programs.before.isEmpty)
        #expect(outcome.programs.after.machines == [.amd64, .arm64])
        #expect(try names == ["README.txt", "program", Self.amd64, Self.arm64])
        #expect(try bytes(Self.amd64) == ProgramSample().bytes)
        #expect(try bytes(Self.arm64) == ProgramSample.arm64.bytes)
        let guide = try site.folder.text("site/README.txt")
        #expect(guide.hasPrefix(SitePrograms.guideMark + "\n"))
        #expect(guide.contains("  x86_64    \(Self.amd64)\n  aarch64   \(Self.arm64)\n"))
        #expect(guide.contains("make a plain site") == (layout == .portable))
        let list = try site.folder.text("site/SHA256SUMS")
        #expect(list.contains("\(Digest(of: ProgramSample.arm64.bytes).hex)  \(Self.arm64)\n"))
        #expect(list.contains("  README.txt\n"))
        let report = try site.verify()
        #expect(report.faults == [] && report.unreferenced == [] && !report.isUnfinished)
    }

    @Test func theSameInputsGiveTheSameTree() throws {
        try build(ProgramSample(), .arm64)
        let one = try site.published()
        #expect(try build(.arm64, ProgramSample()).written.count == 0)
        #expect(try site.published() == one)
        let other = try BuiltSite()
        let files = try [file(.arm64), file()]
        try other.build([Self.input])
        try other.build([Self.input]) { $0.programs = .add(files) }
        #expect(try other.published() == one)
    }

    /// Each command that changes the site keeps the programs.
    @Test func changesKeepThem() throws {
        try build(ProgramSample())
        #expect(try build(input: Self.other).programs.after.machines == [.amd64])
        try site.tag("zoo/hello:1", as: ":new")
        _ = try site.pruner().remove([try #require(SiteReference("zoo/hello:new"))])
        _ = try site.pruner().prune(waiting: false)
        try site.build([Self.input]) { $0.mirroring = { _ in true } }
        #expect(try names == ["README.txt", "program", Self.amd64])
        #expect(try site.verify().faults == [])
        #expect(try site.verify().unreferenced == [])
    }

    @Test func aLaterBuildReplacesOnlyTheSameMachine() throws {
        try build(ProgramSample(), .arm64)
        let outcome = try build(Self.second)
        #expect(outcome.repaired == 0)
        #expect(try bytes(Self.amd64) == Self.second.bytes)
        #expect(try bytes(Self.arm64) == ProgramSample.arm64.bytes)
        #expect(try site.verify().faults == [])
    }

    @Test(arguments: SiteLayout.allCases) func removing(_ layout: SiteLayout) throws {
        try build(layout: layout)
        let before = try site.published()
        try build(ProgramSample(), .arm64)
        #expect(try site.published() != before)
        try site.build([Self.input]) { $0.programs = .removeAll }
        #expect(try site.published() == before)
        #expect(try site.verify().faults == [])
    }

    @Test func damageIsFound() throws {
        try build(ProgramSample(), .arm64)
        var bytes = ProgramSample().bytes
        bytes[bytes.count - 1] ^= 1
        try site.folder.write("site/\(Self.amd64)", bytes)
        #expect(try site.verify().faults == [.tree(path: Self.amd64)])
        try site.folder.write("site/\(Self.amd64)", Array(ProgramSample().bytes.dropLast()))
        #expect(try site.verify().faults == [.tree(path: Self.amd64)])
        try site.folder.remove("site/\(Self.amd64)")
        #expect(try site.verify().faults == [.tree(path: Self.amd64, isMissing: true)])
        // Nothing but the file itself can repair it.
        _ = try site.pruner().prune(waiting: false)
        #expect(try site.verify().faults == [.tree(path: Self.amd64, isMissing: true)])
        #expect(try build(ProgramSample()).repaired == 1)
        #expect(try site.verify().faults == [])
        try site.folder.write("site/README.txt", "other")
        #expect(try site.verify().faults == [.tree(path: "README.txt")])
        _ = try site.pruner().prune(waiting: false)
        #expect(try site.verify().faults == [])
    }

    /// The digest in index.json counts, even if somebody has changed the list to fit.
    @Test func aListThatFitsTheDamage() throws {
        try build(ProgramSample())
        let list = try site.folder.text("site/SHA256SUMS")
        let (old, new) = (Digest(of: ProgramSample().bytes), Digest(of: Self.second.bytes))
        try site.folder.write("site/\(Self.amd64)", Self.second.bytes)
        try site.folder.write("site/SHA256SUMS", list.replacing(old.hex, with: new.hex))
        #expect(try site.verify().faults.contains(.tree(path: "SHA256SUMS")))
    }

    /// Somebody could run what is beside the programs.
    @Test func aFileBesideThemIsAFault() throws {
        try build(ProgramSample())
        try site.folder.write("site/program/other", "x")
        #expect(try site.verify().faults == [.foreign(path: "program/other")])
    }

    /// A killed run has stored the new program already, so that the next run finishes the change
    /// without the file that the user named.
    @Test func anInterruptedRun() throws {
        try build(ProgramSample())
        try build(Self.second)
        let kept = ".regstatic/\(Self.amd64)"
        try site.folder.write("site/\(kept)", Self.second.bytes)
        try site.folder.write("site/\(Self.amd64)", ProgramSample().bytes)
        #expect(try site.verify().faults == [.tree(path: Self.amd64)])
        _ = try site.pruner().prune(waiting: false)
        #expect(try bytes(Self.amd64) == Self.second.bytes)
        #expect(try site.verify().faults == [])
        #expect(!site.folder.exists("site/.regstatic/program"))
        // A stored program that is damaged, or that no version needs, doesn't get the place.
        try site.folder.write("site/\(kept)", "damaged")
        try site.folder.remove("site/\(Self.amd64)")
        _ = try site.pruner().prune(waiting: false)
        #expect(!site.folder.exists("site/\(Self.amd64)"))
    }

    /// A site without programs leaves a user's files alone.
    @Test func aUsersFilesStay() throws {
        try build()
        try site.folder.write("site/README.txt", "mine")
        try site.folder.write("site/program/mine", "mine")
        #expect(try site.verify().faults == [])
        #expect(try site.verify().unreferenced.sorted() == ["README.txt", "program/mine"])
        let before = try site.published()
        #expect(throws: ProgramRefusal.occupied("\(site.path)/README.txt")) {
            try build(ProgramSample())
        }
        #expect(try site.published() == before)
        try site.build([Self.other]) { $0.programs = .removeAll }
        #expect(try bytes("README.txt") == Array("mine".utf8))
        #expect(try bytes("program/mine") == Array("mine".utf8))
    }

    @Test func anotherProgramInItsPlaceStays() throws {
        try build()
        try site.folder.write("site/\(Self.amd64)", "mine")
        #expect(throws: ProgramRefusal.occupied("\(site.path)/\(Self.amd64)")) {
            try build(ProgramSample())
        }
    }

    /// The program is written beside a link, and never through it.
    @Test func linksAreNotFollowed() throws {
        try build(ProgramSample())
        try site.folder.write("outside", "mine")
        try site.folder.remove("site/\(Self.amd64)")
        try site.folder.makeLink("site/\(Self.amd64)", to: "../../outside")
        #expect(try site.verify().faults.count == 1)
        try build(Self.second)
        #expect(try site.folder.text("outside") == "mine")
        #expect(try bytes(Self.amd64) == Self.second.bytes)
        try site.folder.remove("site/program")
        try site.folder.makeLink("site/program", to: "../elsewhere")
        #expect(try site.verify(allowingLinks: true).faults == [.link(path: "program")])
        #expect(throws: SiteDamage.linkInSite("\(site.path)/program")) { try build(Self.second) }
    }

    @Test func aProgramThatChangesAfterTheCheck() throws {
        try build()
        let before = try served
        let program = try file()
        let name = "tool-\(Digest(of: ProgramSample().bytes).hex)"
        try site.folder.write(name, Self.second.bytes)
        let error = #expect(throws: SiteBuild.Failure.self) {
            try site.build([Self.other]) { $0.programs = .add([program]) }
        }
        #expect(error?.cause as? ProgramRefusal == .fault(.changed, path: site.folder[name]))
        #expect(try served == before)
    }

    @Test func filesThatAreNoPrograms() throws {
        #expect(throws: ProgramFault.notAFile) { try ProgramFile(site.folder.path) }
        try site.folder.write("text", "text")
        #expect(throws: ProgramFault.notELF) { try ProgramFile(site.folder["text"]) }
        let large = site.folder["large"]
        try site.folder.write("large", ProgramSample().bytes)
        #expect(truncate(large, ProgramFile.maximumSize) == 0)
        #expect(throws: Never.self) { try ProgramFile(large) }
        #expect(truncate(large, ProgramFile.maximumSize + 1) == 0)
        #expect(throws: ProgramFault.tooLarge(limit: ProgramFile.maximumSize)) {
            try ProgramFile(large)
        }
    }
}
