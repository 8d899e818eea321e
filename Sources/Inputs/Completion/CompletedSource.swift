// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Streams

/// An archive or folder whose missing content comes from the other inputs of the run and from the
/// store.
///
/// `members` has only the members of the archive itself, without the damaged ones that an intact
/// copy replaces.
struct CompletedSource: MemberSource {
    private let input: any MemberSource
    let place: SharedContent.Place
    let shared: SharedContent
    let members: MemberTable
    /// Whether the input is a folder, whose other content was searched when it was opened.
    var isFolder = false
    /// The names of the damaged members.
    let replaced: [String]

    init(_ input: any MemberSource, at place: SharedContent.Place, sharing shared: SharedContent) {
        (self.input, self.place, self.shared) = (input, place, shared)
        cut = input.cut
        let damaged = shared.replaceable(at: place)
        replaced = damaged.keys.sorted()
        let digests = Set(damaged.values.compactMap(\.blob))
        members =
            damaged.isEmpty
            ? input.members
            : input.members.removing { path, member in
                if damaged[path.description] != nil { return true }
                guard case .file(let file) = member else { return false }
                return damaged[file.path.description] != nil
                    || path.namedDigest.map(digests.contains) == true
            }
    }

    /// The same source, as one that lost its end because of a fault.
    func cut(by fault: SourceFault) -> CompletedSource {
        var source = self
        source.cut = fault
        return source
    }

    var unread: [UnreadPath] { input.unread }
    var hasEndMark: Bool { input.hasEndMark }
    private(set) var cut: SourceFault?
    var sample: any MemberSource { input.sample }

    func open(_ file: MemberFile) throws(ArchiveError) -> any ByteSource {
        if let lent = shared.lent(file) { return try lent.open() }
        return try input.open(file)
    }

    func spooled(_ file: MemberFile) -> SpooledMember? {
        if let lent = shared.lent(file) { return lent.spooled }
        return input.spooled(file)
    }

    func elsewhere(_ wanted: WantedContent) -> MemberFile? {
        shared.find(wanted, for: place)
    }
}
