// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Glibc
import Streams

/// What is fuzzed; `FUZZ_TARGET` names one of them.
enum Target: String {
    case json, tar, gzip, zstd, template, deflate, patch, signature, signers

    /// Runs the code on one input; it ends the program if something is wrong.
    ///
    /// A target takes its options from the last byte, so that any file can be a seed as it is.
    func run(_ bytes: [UInt8]) {
        let options = Int(bytes.last ?? 0)
        switch self {
        case .json: JSONTarget.run(bytes)
        case .tar: TarTarget.run(bytes)
        case .gzip: StreamTarget.run(.gzip, bytes, options)
        case .zstd: StreamTarget.run(.zstd, bytes, options)
        case .template: TemplateTarget.run(bytes)
        case .deflate: DeflateTarget.run(bytes, options)
        case .patch: PatchTarget.run(bytes, options)
        case .signature: SignatureTarget.runSignature(bytes)
        case .signers: SignatureTarget.runSigners(bytes)
        }
    }

    static let chosen: Target = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = Target(rawValue: name) else {
            fatalError("FUZZ_TARGET names no target: '\(name)'")
        }
        return target
    }()
}

/// Called by libFuzzer, which has the `main` of this program.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Target.chosen.run(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

/// Ends the program if a condition that must hold doesn't.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
