// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The types of keys whose signatures regstatic checks, by the names that OpenSSH gives them.
package enum SSHKeyType: String, CaseIterable, Sendable {
    case ed25519 = "ssh-ed25519"
    case nistp256 = "ecdsa-sha2-nistp256"
    case nistp384 = "ecdsa-sha2-nistp384"
    case nistp521 = "ecdsa-sha2-nistp521"
    case rsa = "ssh-rsa"
    /// Ed25519 on a security key (FIDO).
    case securityKeyEd25519 = "sk-ssh-ed25519@openssh.com"
    /// ECDSA on a security key (FIDO).
    case securityKeyNISTP256 = "sk-ecdsa-sha2-nistp256@openssh.com"

    /// Whether the key is on a security key, which adds its own data to each signature.
    var isSecurityKey: Bool {
        switch self {
        case .securityKeyEd25519, .securityKeyNISTP256: true
        case .ed25519, .nistp256, .nistp384, .nistp521, .rsa: false
        }
    }

    /// The curve of an ECDSA key; nil for other keys.
    var curve: Curve? {
        switch self {
        case .nistp256, .securityKeyNISTP256: .nistp256
        case .nistp384: .nistp384
        case .nistp521: .nistp521
        case .ed25519, .securityKeyEd25519, .rsa: nil
        }
    }

    /// Whether a word at the place of a key's type looks like one, so that a text can name it.
    static func isLikeName(_ word: String) -> Bool {
        ["ssh-", "ecdsa-", "sk-"].contains { word.hasPrefix($0) }
    }
}

/// A curve of ECDSA (RFC 5656, section 10.1).
enum Curve: String {
    case nistp256
    case nistp384
    case nistp521

    /// The size of an uncompressed point in bytes.
    var pointSize: Int {
        switch self {
        case .nistp256: 1 + 2 * 32
        case .nistp384: 1 + 2 * 48
        case .nistp521: 1 + 2 * 66
        }
    }

    var hash: HashFunction {
        switch self {
        case .nistp256: .sha256
        case .nistp384: .sha384
        case .nistp521: .sha512
        }
    }

    /// The encoded object identifier.
    var identifier: [UInt8] {
        switch self {
        case .nistp256: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .nistp384: [0x2B, 0x81, 0x04, 0x00, 0x22]
        case .nistp521: [0x2B, 0x81, 0x04, 0x00, 0x23]
        }
    }
}
