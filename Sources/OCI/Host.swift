// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc

/// A host of a registry, a server or a certificate: a DNS name, a wildcard such as `*.plant.lan`, or
/// an IP address.
///
/// All hosts from users are read here, so every command accepts the same ones. Only the hosts in the
/// names of images follow another grammar, see `Reference`.
///
/// <https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6>.
package struct Host: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A DNS name in lower case, perhaps with a leading `*.`.
        case name(String)
        /// An IP address of 4 or 16 bytes.
        case address([UInt8])
    }

    package let kind: Kind

    /// The IPv4 address of this machine.
    package static let loopback = Host(.address([127, 0, 0, 1]))

    private init(_ kind: Kind) { self.kind = kind }

    /// Creates a host from a name that the caller knows to be valid.
    package init(name: String) { kind = .name(name) }

    /// Parses a host that a user gave.
    package init(_ text: String) throws(HostError) {
        do throws(HostError.Reason) { kind = try Self.kind(text) } catch {
            throw HostError(text, error)
        }
    }

    /// Takes an address from a certificate; nil if its length is wrong.
    package init?(address bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        kind = .address(bytes)
    }

    package var isWildcard: Bool {
        if case .name(let name) = kind { name.hasPrefix("*.") } else { false }
    }

    package var isIPv6: Bool {
        if case .address(let bytes) = kind { bytes.count == 16 } else { false }
    }

    /// Whether this is a loopback address or name.
    package var isLoopback: Bool {
        switch kind {
        case .name(let name): name == "localhost" || name.hasSuffix(".localhost")
        case .address(let bytes) where bytes.count == 4: bytes[0] == 127
        case .address(let bytes): bytes == [UInt8](repeating: 0, count: 15) + [1]
        }
    }

    /// The host in the form for URLs and for the folder names of clients, with brackets around an
    /// IPv6 address.
    package var inURL: String { isIPv6 ? "[\(self)]" : description }

    private static func kind(_ text: String) throws(HostError.Reason) -> Kind {
        if text.isEmpty { throw .empty }
        if text.contains("/") { throw .scheme }
        if text.hasPrefix("["), let end = text.lastIndex(of: "]") {
            let rest = text[end...].dropFirst()
            if rest.hasPrefix(":") { throw .port(String(rest)) }
            if rest.isEmpty {
                let inner = String(text[..<end].dropFirst())
                guard let address = address(inner), address.count == 16 else { throw .address }
                return try checked(address)
            }
        }
        if let address = address(text) { return try checked(address) }
        if text.contains("%") { throw text.contains(":") ? .zone : .character("%") }
        if let colon = text.firstIndex(of: ":") {
            let isPort = text[colon...].dropFirst().utf8.allSatisfy { (48...57).contains($0) }
            throw isPort ? .port(String(text[colon...])) : .address
        }
        return .name(try name(text))
    }

    private static func name(_ text: String) throws(HostError.Reason) -> String {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { throw .international }
        if text.hasSuffix(".") { throw .finalDot }
        guard text.utf8.count <= 253 else { throw .tooLong }
        var labels = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        let last = labels.last ?? ""
        // If the last label of a name is a number, browsers and resolvers read the name as an
        // address.
        if last.utf8.allSatisfy(isDigit) { throw .address }
        if labels.first == "*" {
            labels.removeFirst()
            if labels.isEmpty { throw .wildcard }
            if labels.count == 1 { throw .wideWildcard }
        }
        for label in labels { try check(label) }
        return text.lowercased()
    }

    private static func check(_ label: Substring) throws(HostError.Reason) {
        if label.contains("*") { throw .wildcard }
        if label.isEmpty { throw .emptyLabel }
        if label.utf8.count > 63 { throw .longLabel(String(label)) }
        if label.hasPrefix("-") || label.hasSuffix("-") { throw .hyphen }
        if let stranger = label.unicodeScalars.first(where: { !isAllowed($0) }) {
            throw .character(String(stranger))
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func checked(_ address: [UInt8]) throws(HostError.Reason) -> Kind {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        // Refuse a mapped address, because clients connect to the IPv4 address, whose 4 bytes never
        // match these 16 bytes in a certificate.
        if address.starts(with: mapped) { throw .mapped(dotted(address.suffix(4))) }
        return .address(address)
    }

    private static func address(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }

    private static func dotted(_ bytes: some Collection<UInt8>) -> String {
        bytes.map(String.init).joined(separator: ".")
    }
}

extension Host: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .name(let name): return name
        case .address(let bytes) where bytes.count == 4: return Self.dotted(bytes)
        case .address(let bytes):
            return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
                let text = unsafe inet_ntop(AF_INET6, bytes, buffer.baseAddress, 64)
                return unsafe text.map { unsafe String(cString: $0) } ?? ""
            }
        }
    }
}
