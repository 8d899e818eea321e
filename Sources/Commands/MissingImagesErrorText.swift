// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

extension ErrorText {
    init(_ error: MissingImagesError) {
        switch error {
        case .noNames(let file):
            self.init(
                "\(file == "-" ? "standard input" : file) names no image",
                remedy: "Use a list with an image on each line, or YAML or JSON with keys `image`."
            )
        }
    }
}
