// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

private func fault(_ text: String, _ limits: JSONLimits = .document) -> JSONError? {
    do {
        _ = try JSON(parsing: Array(text.utf8), limits: limits)
        return nil
    } catch {
        return error
    }
}

private func nested(_ depth: Int, _ open: String = "[", _ close: String = "]") -> String {
    String(repeating: open, count: depth) + String(repeating: close, count: depth)
}

@Suite struct JSONLimitTests {
    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "a", 7), (#"{"a":1,"b":2,"\u0061":3}"#, "a", 13),
        (#"[{"x":{"":1,"":1}}]"#, "", 12),
    ])
    func duplicateKeysAreRefused(_ text: String, _ key: String, _ offset: Int) {
        #expect(fault(text) == JSONError(reason: .duplicateKey(key), offset: offset))
    }

    /// Objects with many keys are checked in another way than those with few.
    @Test(arguments: [1, 2, 15, 16, 17, 18, 40])
    func duplicatesAmongManyKeys(_ count: Int) throws {
        let members = (0..<count).map { #""key \#($0)":0"# }
        let text = "{\(members.joined(separator: ","))}"
        #expect(try JSON(parsing: Array(text.utf8)).members?.count == count)
        for repeated in [0, count / 2, count - 1] {
            let more = "{\(members.joined(separator: ",")),\(members[repeated])}"
            let error = JSONError(reason: .duplicateKey("key \(repeated)"), offset: text.utf8.count)
            #expect(fault(more) == error)
        }
    }

    @Test func keysOfDifferentObjectsMayBeTheSame() {
        #expect(fault(#"[{"a":1},{"a":{"a":2}}]"#) == nil)
        #expect(fault(#"{"a":1,"A":2}"#) == nil)
    }

    /// Readers differ on whether such keys are the same (RFC 8259 §8.3): so they may not meet.
    @Test func keysThatOnlyLookTheSameAreDuplicates() {
        #expect(fault("{\"\u{e9}\":1,\"e\u{301}\":2}") != nil)
        #expect(fault("{\"K\":1,\"\u{212a}\":2}") != nil)
    }

    @Test func depthIsBounded() {
        #expect(fault(nested(64)) == nil)
        #expect(fault(nested(65)) == JSONError(reason: .tooDeep(limit: 64), offset: 64))
        #expect(fault(nested(100_000))?.reason == .tooDeep(limit: 64))
        #expect(fault(String(repeating: "[", count: 1_000_000))?.reason == .tooDeep(limit: 64))
        #expect(fault(nested(65, "{\"a\":", "}"))?.reason == .tooDeep(limit: 64))
    }

    /// Siblings don't add up.
    @Test func depthIsNotCount() {
        #expect(fault("[" + String(repeating: "[],", count: 1000) + "{}]") == nil)
    }

    @Test func sizeIsBounded() {
        let limits = JSONLimits(bytes: 10, depth: 4)
        #expect(fault("\"12345678\"", limits) == nil)
        #expect(
            fault("\"123456789\"", limits)
                == JSONError(reason: .tooLarge(limit: 10), offset: 10)
        )
        #expect(JSONLimits.document.bytes == 4 << 20)
    }

    /// Small values take far more memory than bytes.
    @Test func valuesAreCounted() {
        let limits = JSONLimits(bytes: 1000, depth: 4, values: 4)
        #expect(fault("[1,{\"a\":2}]", limits) == nil)
        #expect(fault("[1,2,3]", limits) == nil)
        #expect(fault("[1,2,3,4]", limits)?.reason == .tooMany(limit: 4))
        #expect(fault("[[],[],[],[]]", limits)?.reason == .tooMany(limit: 4))
        #expect(JSONLimits.document.values == 1_000_000)
    }

    @Test(arguments: [("{\"a\":x}", 5), ("[1,2", 4), ("{} x", 3), ("\"ab", 3), ("[tru]", 4)])
    func faultsSayWhere(_ text: String, _ offset: Int) { #expect(fault(text)?.offset == offset) }
}

@Suite struct JSONValueTests {
    private let value: JSON = [
        "text": .string("a"), "whole": .number("42"), "real": .number("4.2"),
        "huge": .number("9223372036854775808"), "exponent": .number("1e3"), "none": .null,
        "list": .array([.null]), "map": .object([]),
    ]
    .reduce(JSON.object([])) { object, pair in
        .object((object.members ?? []) + [.init(pair.key, pair.value)])
    }

    @Test func viewsAreNilForOtherKinds() {
        #expect(value["text"]?.string == "a")
        #expect(value["text"]?.integer == nil)
        #expect(value["whole"]?.integer == 42)
        #expect(value["whole"]?.string == nil)
        #expect(value["none"]?.isNull == true)
        #expect(value["list"]?.array?.count == 1)
        #expect(value["list"]?["a"] == nil)
        #expect(value["map"]?.members?.isEmpty == true)
        #expect(value["absent"] == nil)
    }

    @Test(arguments: ["real", "huge", "exponent"])
    func onlyWholeNumbersThatFitAreIntegers(_ key: String) { #expect(value[key]?.integer == nil) }
}
