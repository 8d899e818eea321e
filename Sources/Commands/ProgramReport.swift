// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

// The programs of a site in the report of a build.
extension SitePrograms {
    /// A line for each program that was added, replaced or removed.
    func lines(since before: SitePrograms) -> [String] {
        Set(machines + before.machines).sorted()
            .compactMap { machine in
                let path = SitePrograms.path(machine)
                return switch (before[machine], self[machine]) {
                case (nil, .some): "added \(path); \(SitePrograms.guide) says how to use it"
                case (.some, nil): "removed \(path)"
                case (let old, let new): old == new ? nil : "replaced \(path)"
                }
            }
    }

    var json: [JSON] {
        machines.map { machine in
            .object([
                "path": .string(SitePrograms.path(machine)),
                "architecture": .string(machine.rawValue),
                "digest": self[machine].map { .string($0.description) },
            ])
        }
    }
}
