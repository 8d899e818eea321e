// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

/// An image, and what its page says of it.
struct RenderedImage {
    let image: ListedImage
    let values: Values
}
