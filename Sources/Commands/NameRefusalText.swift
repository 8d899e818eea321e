// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

extension ErrorText {
    /// Explains why a portable site can't hold a name, and where the image can be built.
    init(_ refusal: NameRefusal) {
        let inputs = refusal.inputs.map(Self.input)
        let name = "\(refusal.name) (from \(Self.some(inputs)))"
        let command =
            "regstatic build \(ShellWord.list(refusal.inputs)) -o OTHER --layout plain"
        let elsewhere = "build another site on a Linux file system: \(command)"
        switch refusal.reason {
        case .reserved(let parts):
            self.init(
                "\(name): a portable site can't hold this repository, because"
                    + " \(Self.reserving(parts))",
                remedy: "To serve this image, \(elsewhere)"
            )
        case .differsByCase(let tags):
            let all = tags.map(\.description).joined(separator: " and ")
            self.init(
                "\(name): a portable site can't hold this tag and \(all), because they differ only by"
                    + " case, so none of them is in the site",
                remedy: "To serve them all, \(elsewhere)"
            )
        case .differsFromSite(let tag):
            self.init(
                "\(name): a portable site can't hold this tag and \(tag), which the site already has,"
                    + " because they differ only by case",
                remedy: "To serve this tag instead, first remove the old one: regstatic remove SITE"
                    + " \(refusal.repository):\(tag). To serve both, \(elsewhere)"
            )
        }
    }

    /// Says which parts of a name Windows reserves.
    static func reserving(_ parts: [String]) -> String {
        let names = Set(parts).sorted().joined(separator: " and ")
        return "Windows reserves the name\(Set(parts).count > 1 ? "s" : "") \(names)"
    }
}
