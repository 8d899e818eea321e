// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// The reason why a file of `list --missing` can't be compared with a site.
enum MissingImagesError: Error {
    case noNames(String)
}
