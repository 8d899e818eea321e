// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Site
internal import SiteModel

extension ErrorText {
    init(_ error: NoSiteForBundle) {
        let folder = ShellWord.quoted(error.site)
        let isTaken = if case .notASite = error.damage { true } else { false }
        let place = isTaken ? "SITE" : folder
        let check =
            isTaken
            ? "Name the folder of a site."
            : "Check the path; if it is on a medium, check that the medium is mounted."
        let first =
            "To make a new site of the bundle: regstatic build \(ShellWord.list(error.bundle)) -o \(place)"
        let other =
            "A new site needs a bundle with everything, because this one requires content of an existing"
            + " site. At home: regstatic bundle create HOME -o all.bundle. Then here: regstatic build"
            + " all.bundle -o \(place)"
        self.init(
            ErrorText(error.damage).what,
            remedy: "\(check) \(error.isWhole ? first : other)"
        )
    }
}
