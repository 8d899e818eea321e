// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// What is wrong in a template, and where.
package struct TemplateError: Error, Hashable, Sendable {
    package static let sizeLimit = 1 << 20

    package enum Problem: Hashable, Sendable {
        /// A tag without its `}}`.
        case unclosedTag
        /// A section without its end; the name.
        case unclosedSection(String)
        /// An end of another section than the one that is open.
        case wrongEnd(String, open: String?)
        /// `{{{…}}}`, `{{&…}}`, delimiters: mustache has them, this has not.
        case unsupported(String)
        /// A name that means nothing here; what does.
        case unknownName(String, known: [String])
        case unknownPartial(String)
        /// A partial that leads back to itself.
        case circle(String)
        /// A file of the folder that is none of a template's.
        case unknownFile(known: [String])
        case notText
        /// A folder or the like, or more than a template may have.
        case notAFile(limit: Int)
    }

    package let file: String
    /// Counted from 1; nil for the file as a whole.
    package let line: Int?
    package let problem: Problem

    /// A file that can't be read as one.
    package static func notAFile(_ file: String) -> TemplateError {
        TemplateError(file, line: nil, problem: .notAFile(limit: TemplateError.sizeLimit))
    }

    init(_ file: String, line: Int?, problem: Problem) {
        (self.file, self.line, self.problem) = (file, line, problem)
    }
}
