// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Streams

/// The name of a part of a split file: `app.tar.aa`, `app.tar.001`, `app.part2`, `xaa`.
package struct PartName: Hashable, Sendable {
    /// The text that the names of all parts of the file begin with.
    package let stem: String
    /// The letters or digits that give the part's position.
    package let position: String

    /// Whether the name shows without other parts that it is the name of a part.
    package var isCertain: Bool {
        let first = position.utf8.first
        let isDigits = first.map { $0 < UInt8(ascii: "a") } ?? false
        return stem.hasSuffix("part")
            || stem.hasSuffix(".") && position.count > 1
                && (isDigits || first == UInt8(ascii: "a") && position.count == 2)
    }

    /// Nil if the name doesn't end with a position.
    package init?(_ path: String) {
        let digits = Self.end(of: path) { $0.isASCII && $0.isNumber }
        let letters = Self.end(of: path) { ("a"..."z").contains($0) }
        if !digits.isEmpty {
            position = digits
        } else if letters.count > 3 {
            // `split` without a prefix writes `xaa`, and the prefix may have letters, too.
            position = String(letters.suffix(2))
        } else if letters.count > 1 {
            position =
                letters.count == 3 && letters.first == "x" ? String(letters.suffix(2)) : letters
        } else {
            return nil
        }
        stem = String(path.dropLast(position.count))
    }

    private static func end(of path: String, _ belongs: (Character) -> Bool) -> String {
        String(path.reversed().prefix(while: belongs).reversed())
    }

    /// Whether the part is the first one, in the numbering of `split`, 7-Zip and others.
    var isFirst: Bool {
        position.allSatisfy { $0 == "a" } || Int(position) == 0 || Int(position) == 1
    }

    /// The order of the parts; numbers may have different lengths.
    static func precedes(_ left: PartName, _ right: PartName) -> Bool {
        if let left = Int(left.position), let right = Int(right.position) { return left < right }
        return left.position < right.position
    }

    /// The parts of each split file among the inputs of a run, in their order; files with one part
    /// are left out.
    static func groups(_ inputs: [String]) -> [[String]] {
        let named = inputs.compactMap { input in PartName(input).map { (input, $0) } }
        return Dictionary(grouping: named, by: \.1.stem).values
            .map { $0.sorted { precedes($0.1, $1.1) } }
            .filter { parts in
                let lengths = Set(parts.map(\.1.position.count))
                return parts.count > 1 && parts[0].1.isFirst
                    && (lengths.count == 1 || Int(parts[0].1.position) != nil)
            }
            .map { $0.map(\.0) }
            .sorted { $0[0] < $1[0] }
    }
}

extension InputReader.Outcome {
    /// Whether the input ends early, so that it may be the first part of a file.
    private var endsEarly: Bool {
        errors.contains { error in
            switch error.fault {
            case .stream(.truncated, nil), .partlyRead(.stream(.truncated, _)): error.image == nil
            default: false
            }
        }
    }

    /// Replaces the errors of the parts of a split file by one error.
    static func joinParts(_ outcomes: inout [InputReader.Outcome], of inputs: [String]) {
        for parts in PartName.groups(inputs) {
            let numbers = parts.compactMap { inputs.firstIndex(of: $0) }
            guard outcomes.count == inputs.count, outcomes[numbers[0]].endsEarly,
                numbers.dropFirst().allSatisfy({ outcomes[$0].images.isEmpty })
            else { continue }
            for number in numbers { outcomes[number].errors.removeAll { $0.image == nil } }
            let error = SourceError(input: parts[0], image: nil, fault: .parts(parts))
            outcomes[numbers[0]].errors.insert(error, at: 0)
        }
    }
}
