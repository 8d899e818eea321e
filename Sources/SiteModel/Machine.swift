// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A kind of machine that a program for Linux runs on, with the names that images have for it.
package enum Machine: String, CaseIterable, Comparable, Sendable {
    case amd64, arm, arm64, i386 = "386", ppc64le, riscv64, s390x

    /// What `uname -m` prints on such a machine.
    package var kernelNames: String {
        switch self {
        case .amd64: "x86_64"
        case .arm: "armv6l, armv7l"
        case .arm64: "aarch64"
        case .i386: "i386 to i686"
        case .ppc64le: "ppc64le"
        case .riscv64: "riscv64"
        case .s390x: "s390x"
        }
    }

    /// The name of regstatic's program for this machine on a medium.
    package var programName: String { "regstatic-linux-\(rawValue)" }

    package static func < (left: Machine, right: Machine) -> Bool {
        left.rawValue < right.rawValue
    }
}
