// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import Site
internal import SiteModel

/// Questions to a user at a terminal; without a terminal, the answer is no.
enum Confirmation {
    /// Whether images may be removed from the site.
    static func ofRemoval(_ removed: [SiteIndex.Entry], _ console: Console) -> Bool {
        for entry in removed { console.warn(HumanText.printable("would remove \(entry.name)")) }
        let count = HumanText.count(removed.count, "image")
        return ask("Remove \(count) from the site?", console)
    }

    /// Whether clients may trust the CA of an input; asks only if the CA could sign for any host.
    static func ofAddress(
        _ inherited: InheritedAddress,
        isConfirmed: Bool,
        _ console: Console
    ) -> Bool {
        console.warn(HumanText.printable("address \(inherited.address.url)"))
        for fingerprint in inherited.fingerprints { console.warn("  CA SHA-256 \(fingerprint)") }
        guard !inherited.isConstrained, !isConfirmed else { return true }
        console.warn("This CA can sign certificates for any host, not only for this registry.")
        return ask("Should clients trust this CA?", console)
    }

    private static func ask(_ question: String, _ console: Console) -> Bool {
        guard isatty(0) == 1, console.isTerminal else { return false }
        Console.write("\(question) [y/N] ", to: 2)
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}
