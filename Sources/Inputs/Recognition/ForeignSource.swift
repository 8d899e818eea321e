// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI

extension ForeignInput {
    /// Recognizes an input without a known dialect by the names of its files.
    init?(_ source: any MemberSource) {
        let paths = source.members.files.map(\.path) + source.members.symbolicLinks.map(\.path)
        guard !paths.isEmpty else {
            self = source is FolderSample ? .emptyFolder : .emptyArchive
            return
        }
        let kind = Recognition.kind(of: paths.map(\.description)) { name in
            guard let file = try? source.members.file(name) else { return nil }
            return try? source.document(file, limits: .list).json
        }
        guard let kind else { return nil }
        self = kind
    }
}

extension SourceFault {
    /// Whether the cause of the fault may be that the input is of another kind.
    var isAboutForm: Bool {
        switch self {
        case .noImages, .notALayout, .nothingServed: true
        case .manifest(_, let document), .json(_, let document):
            [DockerArchive.path, OCILayout.path]
                .contains { name in
                    document == name || document.hasSuffix("/\(name)")
                }
        default: false
        }
    }
}
