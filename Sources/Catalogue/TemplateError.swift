// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// A problem in a template, and its place.
package struct TemplateError: Error, Hashable, Sendable {
    package static let sizeLimit = 1 << 20

    /// The maximum depth of nested sections, which is more than a page needs, but safe for the size
    /// of the stack.
    package static let depthLimit = 64

    package enum Problem: Hashable, Sendable {
        /// A tag without its `}}`.
        case unclosedTag
        /// A section that has no end; the value is the section's name.
        case unclosedSection(String)
        /// The end of a section that isn't the innermost open one.
        case wrongEnd(String, open: String?)
        /// Sections that are nested more deeply than `depthLimit`.
        case tooDeep(limit: Int)
        /// `{{{…}}}`, `{{&…}}` or new delimiters, which mustache has and regstatic doesn't support.
        case unsupported(String)
        /// A name that isn't valid here, with the list of valid names.
        case unknownName(String, known: [String])
        case unknownPartial(String)
        /// A partial that includes itself, directly or through others.
        case circle(String)
        /// A file in the template's folder whose name no template uses; `known` has the valid
        /// names.
        case unknownFile(known: [String])
        case notText
        /// A path that isn't a regular file, or a file that is larger than the limit.
        case notAFile(limit: Int)
    }

    package let file: String
    /// The line, counted from 1; nil for the file as a whole.
    package let line: Int?
    package let problem: Problem

    /// The error for a path that isn't a regular file, or whose file is too large.
    package static func notAFile(_ file: String) -> TemplateError {
        TemplateError(file, line: nil, problem: .notAFile(limit: TemplateError.sizeLimit))
    }

    init(_ file: String, line: Int?, problem: Problem) {
        (self.file, self.line, self.problem) = (file, line, problem)
    }
}
