// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// Makes the bytes of a tar in memory, the same on every machine.
package struct TarBuilder: Sendable {
    /// How a name or target of more than 100 bytes is written.
    package enum LongNames: Sendable {
        /// GNU tar's members of type `L` and `K`.
        case gnu
        /// The records `path` and `linkpath` of a POSIX extended header.
        case pax
    }

    /// What has been written so far, without an end mark.
    package private(set) var bytes: [UInt8] = []
    private let longNames: LongNames

    package init(longNames: LongNames = .pax) { self.longNames = longNames }

    /// A whole archive of these members, in this order.
    package static func tar(
        _ members: [TarMember],
        longNames: LongNames = .pax,
        endMark: Bool = true,
        appended: [UInt8] = []
    ) -> [UInt8] {
        var builder = TarBuilder(longNames: longNames)
        for member in members { builder.add(member) }
        if endMark { builder.addEndMark() }
        builder.append(appended)
        return builder.bytes
    }

    /// Adds a member.
    ///
    /// - Returns: the offset of its content.
    @discardableResult
    package mutating func add(_ member: TarMember) -> Int {
        addExtensions(of: member)
        bytes += UstarHeader(member).block
        let offset = bytes.count
        append(member.content)
        pad()
        return offset
    }

    /// Two blocks of zeros.
    package mutating func addEndMark() { append([UInt8](repeating: 0, count: 1024)) }

    /// Bytes of any kind, as they are.
    package mutating func append(_ raw: [UInt8]) { bytes += raw }

    private mutating func addExtensions(of member: TarMember) {
        var records = member.pax
        addLong(member.name, gnuFlag: "L", paxKey: "path", &records)
        addLong(member.target, gnuFlag: "K", paxKey: "linkpath", &records)
        guard !records.isEmpty else { return }
        addPseudoMember("PaxHeaders/0", "x", records.flatMap(Self.record))
    }

    private mutating func addLong(
        _ text: String,
        gnuFlag: Unicode.Scalar,
        paxKey: String,
        _ records: inout [(key: String, value: String)]
    ) {
        guard text.utf8.count > 100 else { return }
        switch longNames {
        case .gnu: addPseudoMember("././@LongLink", gnuFlag, Array(text.utf8) + [0])
        case .pax: records.append((paxKey, text))
        }
    }

    private mutating func addPseudoMember(
        _ name: String,
        _ typeFlag: Unicode.Scalar,
        _ content: [UInt8]
    ) {
        bytes += UstarHeader(.file(name, content), typeFlag: UInt8(ascii: typeFlag)).block
        append(content)
        pad()
    }

    private mutating func pad() {
        let over = bytes.count % 512
        if over > 0 { append([UInt8](repeating: 0, count: 512 - over)) }
    }

    /// `length key=value\n`, where the length counts itself.
    private static func record(key: String, value: String) -> [UInt8] {
        let body = " \(key)=\(value)\n"
        var length = body.utf8.count
        while length != body.utf8.count + "\(length)".utf8.count {
            length = body.utf8.count + "\(length)".utf8.count
        }
        return Array("\(length)\(body)".utf8)
    }
}

/// One block of 512 bytes.
private struct UstarHeader {
    private(set) var block = [UInt8](repeating: 0, count: 512)

    init(_ member: TarMember, typeFlag: UInt8? = nil) {
        let size = member.claimedSize ?? member.content.count
        put((member.name.utf8 + member.rawEnd).prefix(100), at: 0)
        putOctal(member.mode, at: 100, digits: 7)
        putOctal(member.owner, at: 108, digits: 7)
        putOctal(member.owner, at: 116, digits: 7)
        if member.hasBinarySize {
            putBinary(size, at: 124)
        } else {
            putOctal(size, at: 124, digits: 11)
        }
        putOctal(member.modified, at: 136, digits: 11)
        block[156] = typeFlag ?? member.typeFlag
        put((member.target.utf8 + member.rawTargetEnd).prefix(100), at: 157)
        put("ustar\u{0}00".utf8, at: 257)
        putChecksum()
    }

    private mutating func put(_ text: some Sequence<UInt8>, at offset: Int) {
        for (index, byte) in text.enumerated() { block[offset + index] = byte }
    }

    private mutating func putOctal(_ value: Int, at offset: Int, digits: Int) {
        let text = String(value, radix: 8)
        put(String(repeating: "0", count: max(0, digits - text.utf8.count)).utf8, at: offset)
        put(text.utf8, at: offset + max(0, digits - text.utf8.count))
    }

    private mutating func putBinary(_ value: Int, at offset: Int) {
        for index in 0..<8 {
            block[offset + 11 - index] = UInt8(truncatingIfNeeded: value >> (8 * index))
        }
        block[offset] = 0x80
    }

    /// The sum of all bytes, with spaces in the sum's own place.
    private mutating func putChecksum() {
        put(String(repeating: " ", count: 8).utf8, at: 148)
        let sum = block.reduce(0) { $0 + Int($1) }
        putOctal(sum, at: 148, digits: 6)
        block[154] = 0
    }
}
