// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A line of a signers' file that can match signatures.
struct SignerLine: Hashable, Sendable {
    /// The number of the line, from 1.
    let number: Int
    let principals: PatternList
    /// The uses that the line permits; nil for all.
    let namespaces: PatternList?
    let key: SSHPublicKey

    /// Why a line can't be used, and its key if it was read.
    struct Fault: Error, Hashable {
        let reason: UnusableLine.Reason
        var key: SSHPublicKey?
    }

    /// Parses a line; nil if it is empty or a comment.
    init?(_ line: some Collection<UInt8>, number: Int) throws(Fault) {
        var scanner = LineScanner(line)
        guard !scanner.isEmptyOrComment else { return nil }
        guard let principals = scanner.principals(), !scanner.isAtEnd else {
            throw Fault(reason: .syntax)
        }
        var options: [SignerOption] = []
        var hasBadOptions = false
        if !SSHKeyType.isLikeName(String(decoding: scanner.nextWord, as: UTF8.self)) {
            guard let word = scanner.options() else { throw Fault(reason: .options) }
            if let parsed = SignerOption.all(word) {
                options = parsed
            } else {
                hasBadOptions = true
            }
        }
        let key = try Self.key(scanner.word(), scanner.word())
        guard !hasBadOptions else { throw Fault(reason: .options, key: key) }
        namespaces = try Self.namespaces(options, key)
        self.number = number
        self.principals = PatternList(text: principals)
        self.key = key
    }

    private static func key(
        _ type: [UInt8],
        _ text: [UInt8]
    ) throws(Fault) -> SSHPublicKey {
        let name = String(decoding: type, as: UTF8.self)
        // The end of a line in a file from Windows.
        let text = text.last == UInt8(ascii: "\r") ? text.dropLast() : text[...]
        guard !type.isEmpty, !text.isEmpty, SSHKeyType.isLikeName(name) else {
            throw Fault(reason: .syntax)
        }
        guard let blob = Base64.decoded(text) else { throw Fault(reason: .key(.malformed)) }
        do throws(SSHKeyFault) {
            let key = try SSHPublicKey(blob)
            guard key.type.rawValue == name else { throw SSHKeyFault.malformed }
            return key
        } catch { throw Fault(reason: .key(error)) }
    }

    private static func namespaces(
        _ options: [SignerOption],
        _ key: SSHPublicKey
    ) throws(Fault) -> PatternList? {
        var namespaces: PatternList?
        for option in options {
            guard option.name == "namespaces" else {
                throw Fault(reason: .option(ForeignText.shown(option.name)), key: key)
            }
            guard let value = option.value, namespaces == nil else {
                throw Fault(reason: .options, key: key)
            }
            namespaces = PatternList(text: value)
        }
        return namespaces
    }

    /// Whether the line permits signatures for a use.
    func permits(_ namespace: SignatureNamespace) -> Bool {
        namespaces?.matches(Array(namespace.rawValue.utf8)) ?? true
    }
}
