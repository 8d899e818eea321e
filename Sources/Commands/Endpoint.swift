// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import ArgumentParser

/// The address on which a server listens: `PORT`, `ADDRESS:PORT` or `[ADDRESS]:PORT`.
struct Endpoint: Hashable, ExpressibleByArgument, CustomStringConvertible {
    let address: String
    let port: Int

    static let standard = Endpoint(address: "127.0.0.1", port: 5000)

    init(address: String, port: Int) {
        self.address = address
        self.port = port
    }

    init?(argument: String) {
        let colon = argument.lastIndex(of: ":")
        let digits = colon.map { argument[$0...].dropFirst() } ?? argument[...]
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(digits), (1...65535).contains(port)
        else { return nil }
        self.port = port
        guard let colon else {
            address = Self.standard.address
            return
        }
        address = String(argument[..<colon])
        guard Self.isAddress(address) else { return nil }
    }

    /// The form for nginx's `listen` and for the name of an image.
    var text: String { "\(address):\(port)" }

    /// The default in the help text.
    var description: String { text }

    var isLoopback: Bool {
        address == "localhost" || address == "[::1]" || address.hasPrefix("127.")
    }

    /// Whether the address stands for all addresses of the machine.
    var isAny: Bool { ["0.0.0.0", "[::]", "*"].contains(address) }

    private static func isAddress(_ text: String) -> Bool {
        if text == "*" { return true }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let inner = isBracketed ? text.dropFirst().dropLast() : text[...]
        let allowed: (Character) -> Bool = { character in
            guard character.isASCII else { return false }
            if isBracketed { return character.isHexDigit || character == ":" || character == "." }
            return character.isLetter || character.isNumber || character == "."
                || character == "-"
        }
        return !inner.isEmpty && inner.allSatisfy(allowed)
    }
}
