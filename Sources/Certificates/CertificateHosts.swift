// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

package import OCI
internal import CCrypto

// The hosts in a certificate's extensions.
extension Certificate {
    /// The subject's alternative names.
    package var hosts: [Host] {
        guard let names = unsafe X509_get_ext_d2i(handle, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let stack = OpaquePointer(names)
        defer { unsafe GENERAL_NAMES_free(stack) }
        return unsafe Self.elements(of: stack, as: GENERAL_NAME.self)
            .compactMap { unsafe Self.host($0) }
    }

    /// The hosts for which a CA may sign; nil if the CA has no limits.
    var limits: NameConstraints? {
        guard let extended = unsafe X509_get_ext_d2i(handle, NID_name_constraints, nil, nil) else {
            return nil
        }
        let constraints = unsafe extended.assumingMemoryBound(to: NAME_CONSTRAINTS.self)
        defer { unsafe NAME_CONSTRAINTS_free(constraints) }
        let permitted = unsafe constraints.pointee.permittedSubtrees
        let trees = unsafe Self.elements(of: permitted, as: GENERAL_SUBTREE.self)
        return NameConstraints(unsafe trees.compactMap { unsafe Self.host($0.pointee.base) })
    }

    /// Whether a CA may sign only for some hosts.
    package var isConstrained: Bool { limits != nil }

    /// Throws an error if regstatic made this CA and its limits exclude a host.
    ///
    /// The limits of other CAs aren't checked.
    package func checkLimits(for host: Host, file: String) throws(CertificateError) {
        guard name.hasPrefix(Authority.namePrefix), let limits, !limits.allow(host) else { return }
        throw .outsideLimits(hosts: [host], limits: "\(limits)", authority: file)
    }

    /// Returns the elements of an OpenSSL stack; Swift can't use the stack's typed accessors,
    /// because they are C macros.
    private static func elements<Element>(
        of stack: OpaquePointer?,
        as type: Element.Type
    ) -> [UnsafeMutablePointer<Element>] {
        unsafe (0..<max(0, OPENSSL_sk_num(stack)))
            .compactMap { index in
                unsafe OPENSSL_sk_value(stack, index)?.assumingMemoryBound(to: type)
            }
    }

    /// Decodes a DNS name or an IP address; nil for other kinds of names and for unsupported hosts.
    private static func host(_ name: UnsafePointer<GENERAL_NAME>?) -> Host? {
        var type: Int32 = 0
        guard let name = unsafe name, let value = unsafe GENERAL_NAME_get0_value(name, &type) else {
            return nil
        }
        let bytes = unsafe bytes(UnsafePointer(value.assumingMemoryBound(to: ASN1_STRING.self)))
        switch type {
        case GEN_DNS: return try? Host(String(decoding: bytes, as: UTF8.self))
        // An address limit of a CA is an address followed by a mask. In regstatic's CAs, all bits
        // of the mask are set.
        case GEN_IPADD where bytes.count == 8 || bytes.count == 32:
            return Host(address: Array(bytes.prefix(bytes.count / 2)))
        case GEN_IPADD: return Host(address: bytes)
        default: return nil
        }
    }
}
