// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// An image with the values that the page's template shows.
struct RenderedImage {
    let image: ListedImage
    let values: Values
}
