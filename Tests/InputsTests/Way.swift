// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteTestSupport
import TestSupport

/// How an input comes: the same content must be read alike.
enum Way: CaseIterable {
    case file, pipe, folder, wrapped

    func read(_ members: [TarMember]) throws -> Reading {
        switch self {
        case .file: return try Reading(members)
        case .pipe: return try Reading(members, throughPipe: true)
        case .wrapped: return try Reading(members.map { $0.wrapped(in: "around") })
        case .folder:
            let folder = try TemporaryFolder()
            for member in members { try folder.write(member.name, member.fileContent ?? []) }
            return try Reading(folder.path)
        }
    }
}
