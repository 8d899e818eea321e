// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A public key in OpenSSH's form.
///
/// Two keys are equal if they have the same bytes, because the form of a key is strict: there is
/// only one for each key.
package struct SSHPublicKey: Hashable, Sendable {
    package let type: SSHKeyType
    /// The bytes that the base64 text of a key stands for.
    let blob: [UInt8]
    let material: Material
    /// The application of a key on a security key, which is a part of what it signs.
    let application: [UInt8]

    /// The numbers of a key.
    enum Material: Hashable, Sendable {
        case ed25519([UInt8])
        /// An uncompressed point.
        case point([UInt8])
        case rsa(modulus: [UInt8], exponent: [UInt8])
    }

    /// The smallest and the largest RSA key, in bits.
    package static let minimumRSABits = 2048
    package static let maximumRSABits = 16_384

    /// The fingerprint as `ssh-keygen -l` prints it.
    package var fingerprint: String { "SHA256:" + Base64.unpadded(HashFunction.sha256.hash(blob)) }

    /// Parses a key; every byte must belong to it.
    init(_ blob: [UInt8]) throws(SSHKeyFault) {
        var reader = WireReader(blob)
        guard let name = reader.name() else { throw .malformed }
        guard let type = SSHKeyType(rawValue: name) else {
            guard !name.contains("-cert-v") else { throw .certificate }
            throw .type(ForeignText.shown(name))
        }
        (self.type, self.blob) = (type, blob)
        material = try Self.material(of: type, &reader)
        application = type.isSecurityKey ? try Self.application(&reader) : []
        guard reader.isAtEnd else { throw .malformed }
    }

    private static func material(
        of type: SSHKeyType,
        _ reader: inout WireReader
    ) throws(SSHKeyFault) -> Material {
        if let curve = type.curve {
            guard reader.name() == curve.rawValue, let point = reader.string(),
                point.count == curve.pointSize, point[0] == uncompressed
            else { throw .malformed }
            return .point(point)
        }
        guard type == .rsa else {
            guard let key = reader.string(), key.count == 32 else { throw .malformed }
            return .ed25519(key)
        }
        guard let exponent = reader.magnitude(isMinimal: true),
            let modulus = reader.magnitude(isMinimal: true),
            let first = modulus.first
        else { throw .malformed }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        guard bits >= minimumRSABits else { throw .weak(bits: bits) }
        guard bits <= maximumRSABits else { throw .tooLong(bits: bits) }
        return .rsa(modulus: modulus, exponent: exponent)
    }

    private static let uncompressed: UInt8 = 0x04

    /// A key for a website or another program signs other things than OpenSSH's keys do.
    private static func application(_ reader: inout WireReader) throws(SSHKeyFault) -> [UInt8] {
        guard let application = reader.string() else { throw .malformed }
        guard application.starts(with: "ssh:".utf8) else {
            throw .application(ForeignText.shown(application))
        }
        return application
    }
}

/// The reason why regstatic can't use a public key.
package enum SSHKeyFault: Error, Hashable, Sendable {
    /// The bytes are no key, or not the only form of it.
    case malformed
    /// A type of keys that regstatic doesn't check.
    case type(String)
    /// An SSH certificate, which would need a clock and its own CA.
    case certificate
    /// An RSA key with fewer than 2048 bits.
    case weak(bits: Int)
    /// An RSA key with more than 16,384 bits.
    case tooLong(bits: Int)
    /// A key on a security key that was made for another application than OpenSSH.
    case application(String)
}
