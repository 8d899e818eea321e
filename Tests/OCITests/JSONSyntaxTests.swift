// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Testing

private func parse(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

@Suite struct JSONSyntaxTests {
    @Test(arguments: [
        ("null", JSON.null), (" true ", .bool(true)), ("\t\r\nfalse", .bool(false)),
        ("0", .number("0")), ("-0", .number("-0")), ("-1", .number("-1")),
        ("10", .number("10")), ("1.5", .number("1.5")), ("1e5", .number("1e5")),
        ("1E+5", .number("1E+5")), ("-0.0e-07", .number("-0.0e-07")),
        ("123456789012345678901234567890", .number("123456789012345678901234567890")),
        ("\"\"", .string("")), ("\"a b\"", .string("a b")), ("\"é😀\"", .string("é😀")),
        ("\"\u{7f}\"", .string("\u{7f}")), ("\"/\"", .string("/")),
        (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u0041\u00e9\u00E9\u0000""#, .string("Aéé\u{0}")),
        (#""\ud83d\ude00x""#, .string("😀x")),
        ("[]", .array([])), ("[ ]", .array([])), ("[1 , 2]", .array([.number("1"), .number("2")])),
        ("[[],{}]", .array([.array([]), .object([])])),
        ("{ }", .object([])),
        ("{\"\":0}", .object([.init("", .number("0"))])),
        (
            "{ \"b\" : 1 , \"a\" : { } }",
            .object([.init("b", .number("1")), .init("a", .object([]))])
        ),
    ])
    func reads(_ text: String, _ value: JSON) throws { #expect(try parse(text) == value) }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-Infinity", "undefined",
        "01", "-01", "-", "+1", "1.", ".5", "1.e5", "1e", "1e+", "0x10", "1_000", "--1", "1 2",
        "\"", "\"a", "\"\\\"", "'a'", "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1f}\"",
        #""\x41""#, #""\u12""#, #""\u12g4""#, #""\u+123""#, #""\U0041""#, #""\'""#, #""\"#,
        #""\ud83d""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ude00""#, #""\ude00\ud83d""#,
        #""\ud83d\ud83d""#, #""\ud83d\u0041""#,
        "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,,2]", "[1}", "[1]]", "[\"a\" 1]",
        "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{a:1}",
        "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "{\"a\"::1}", "{null:1}",
        "null null", "{}{}", "[]x", "{}\u{0}", "1,", "// comment\n1", "1 /* */", "\u{feff}1",
        "\u{a0}1", "1\u{c}", "\u{b}1",
    ])
    func refuses(_ text: String) { #expect(throws: JSONError.self) { try parse(text) } }

    /// Overlong forms, surrogates, numbers beyond Unicode, lone and missing continuation bytes.
    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
            [0xC3], [0xE2, 0x82], [0xC3, 0x41],
        ] as [[UInt8]]
    )
    func refusesInvalidUTF8(_ fault: [UInt8]) {
        let quote: [UInt8] = [0x22]
        let escape = Array(#"\n"#.utf8)
        let key = Array("{".utf8) + quote + fault + quote + Array(":1}".utf8)
        for bytes in [quote + fault + quote, quote + escape + fault + quote, fault, key] {
            #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
        }
    }

    @Test func refusesWhatIsNotUTF8AtAll() {
        let utf16: [UInt8] = [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]
        #expect(throws: JSONError.self) { try JSON(parsing: utf16) }
    }

    /// Each start of a valid document is an error, never a crash or a value.
    @Test func refusesEveryPrefix() {
        let whole = Array(#"{"a":[1.5e3,"é\ud83d\ude00",{"b":null,"c":[true,false]}],"d":""}"#.utf8)
        #expect(throws: Never.self) { try JSON(parsing: whole) }
        for length in whole.indices {
            #expect(throws: JSONError.self) { try JSON(parsing: Array(whole[..<length])) }
        }
    }

    /// Whatever one byte becomes, the parser answers, and what it accepts it writes again.
    @Test func survivesEveryChangedByte() throws {
        let whole = Array(#"{"a":[1,"\u0041"],"b":null}"#.utf8)
        for position in whole.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = whole
                changed[position] = byte
                guard let value = try? JSON(parsing: changed) else { continue }
                #expect(try JSON(parsing: value.canonicalBytes) == value)
            }
        }
    }
}
