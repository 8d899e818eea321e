// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// An image, and its values for its page.
struct RenderedImage {
    let image: ListedImage
    let values: Values
}
