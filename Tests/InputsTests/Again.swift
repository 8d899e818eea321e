// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import Compression
import OCI
import SiteTestSupport
import SiteModel
import Inputs

extension Reading {
    /// Reads another input into the same store.
    func again(_ input: String) -> InputReader.Outcome {
        InputReader(
            store: store,
            recipe: Recipe.standard,
            manifestKind: .ociManifest,
            threads: 2,
            progress: NoProgress()
        )
        .read(input)
    }
}
