// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI

// The portable layout needs these checks, because some media ignore case, and Windows reserves some
// names.
extension SiteIndex {
    /// Refuses repositories and tags whose names have no portable form.
    package func checkPortableNames() throws(NamingError) {
        for repository in repositories {
            let parts = repository.partsReservedByWindows
            guard parts.isEmpty else { throw .notPortable(repository, reserved: parts) }
        }
        var seen: [String: Tag] = [:]
        for entry in entries {
            guard let tag = entry.tag, tag.hasCapitals else { continue }
            let key = "\(entry.repository):\(tag.description.lowercased())"
            if let other = seen.updateValue(tag, forKey: key) {
                throw .tagsDifferByCase(entry.repository, other, tag)
            }
        }
    }
}

extension RepositoryName {
    /// The components that Windows reserves for devices.
    var partsReservedByWindows: [String] {
        components.filter { Self.isReservedByWindows($0) }.map(String.init)
    }

    /// Whether Windows reserves a name for a device; a reserved name stays reserved with any
    /// extension.
    ///
    /// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>
    private static func isReservedByWindows(_ component: Substring) -> Bool {
        guard let stem = component.split(separator: ".").first else { return false }
        if ["con", "prn", "aux", "nul"].contains(stem) { return true }
        guard stem.utf8.count == 4, stem.hasPrefix("com") || stem.hasPrefix("lpt") else {
            return false
        }
        return stem.utf8.last.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }
}
