// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import SiteModel
import Inputs

/// Tells nobody.
package struct NoProgress: Progress {
    package init() {}
    package func advance(_ bytes: Int) {}
    package func expect(_ bytes: Int) {}
}
